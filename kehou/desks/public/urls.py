"""What can happen at this desk."""

from django.urls import path

from kehou.desks.public import tables

app_name = "public"
urlpatterns = [
    # 各校活动项目表
    path("tables/", tables.tables, name="tables"),
    path("tables/<str:school_code>/<str:term_code>/", tables.table, name="table"),
    path("tables/<str:school_code>/<str:term_code>/<int:number>/", tables.table, name="table_version"),
    path("tables/<str:school_code>/<str:term_code>/<int:number>/paper/", tables.table_paper, name="table_paper"),
    path(
        "tables/<str:school_code>/<str:term_code>/<int:number>/document/", tables.table_document, name="table_document"
    ),
]
