"""Which desk sits where. Read down and you know the house."""

from django.conf import settings
from django.urls import include, path

urlpatterns = [
    path("", include("kehou.desks.public.urls")),
    path("", include("kehou.desks.door.urls")),
    path("guardian/", include("kehou.desks.guardian.urls")),
    path("teacher/<str:school_code>/", include("kehou.desks.teacher.urls")),
    path("school/<str:school_code>/", include("kehou.desks.school.urls")),
    path("district/", include("kehou.desks.district.urls")),
]

if settings.DEBUG or settings.DEMONSTRATION:
    from kehou.config.gallery import gallery

    urlpatterns.append(path("components/", gallery, name="components"))

handler400 = "kehou.config.failures.unreadable"
handler403 = "kehou.config.failures.forbidden"
handler500 = "kehou.config.failures.broken"
