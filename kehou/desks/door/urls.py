"""What can happen before anyone sits down: coming in, choosing a desk, one's own account, letters."""

from django.conf import settings
from django.urls import path

from kehou.desks.door import account, letters, seats, second_factor, sign_in

app_name = "door"
urlpatterns = [
    path("sign-in/", sign_in.sign_in, name="sign_in"),
    path("sign-in/code/", sign_in.code, name="code"),
    path("sign-in/code/check/", sign_in.code_check, name="code_check"),
    path("sign-in/second-factor/", second_factor.second_step, name="second_step"),
    path("sign-in/standing/", sign_in.standing, name="standing"),
    path("sign-out/", sign_in.sign_out, name="sign_out"),
    path("desks/", seats.seats, name="seats"),
    path("account/", account.account, name="account"),
    path("account/password/", account.password, name="password"),
    path("account/elder/", account.elder, name="elder"),
    path("account/sessions/", account.sessions, name="sessions"),
    path("account/sessions/<int:sign_in_id>/end/", account.session_end, name="session_end"),
    path("account/second-factor/", second_factor.set_up, name="second_factor"),
    path("account/second-factor/removal/", second_factor.removal, name="second_factor_removal"),
    path("letters/", letters.letters, name="letters"),
    path("letters/readings/", letters.readings, name="readings"),
    path("letters/<int:letter_id>/", letters.letter, name="letter"),
    path("letters/<int:letter_id>/reading/", letters.reading, name="reading"),
]

if settings.DEMONSTRATION:
    from kehou.desks.door import demonstration

    urlpatterns += [
        path("demonstration/", demonstration.people, name="people"),
        path("demonstration/<int:account_id>/sign-in/", demonstration.sign_in_as, name="sign_in_as"),
        path("demonstration/clock/", demonstration.clock_moment, name="clock"),
        path("demonstration/clock/days/", demonstration.clock_days, name="clock_days"),
    ]
