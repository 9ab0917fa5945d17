"""What can happen at this desk."""

from django.urls import path

from kehou.desks.public import (
    accounts,
    basis,
    downloads,
    draws,
    filings,
    home,
    opinions,
    plans,
    policies,
    prices,
    providers,
    schools,
    surveys,
    tables,
    verify,
)

app_name = "public"
urlpatterns = [
    # 意向调查, by the code of a ticket
    path("s/", surveys.survey_code, name="survey_code"),
    path("s/<slug:secret>/", surveys.survey, name="survey"),
    path("s/<slug:secret>/thanks/", surveys.survey_thanks, name="survey_thanks"),
    # 征求意见, by the code of a slip or the link of the community
    path("o/", opinions.opinion_code, name="opinion_code"),
    path("o/thanks/", opinions.opinion_thanks, name="opinion_thanks"),
    path("o/all/<slug:secret>/", opinions.opinion_open, name="opinion_open"),
    path("o/<slug:secret>/", opinions.opinion_slip, name="opinion_slip"),
    path("", home.home, name="home"),
    # 学校与价格
    path("schools/", schools.schools, name="schools"),
    path("schools/<str:code>/", schools.school, name="school"),
    # 实施方案、告知书、你提我改
    path("plans/<str:code>/<str:term>/", plans.plan, name="plan"),
    path("plans/<str:code>/<str:term>/plan.pdf", plans.plan_print, name="plan_print"),
    path("plans/<str:code>/<str:term>/notice/", plans.notice, name="notice"),
    path("plans/<str:code>/<str:term>/adoption/", plans.adoption, name="adoption"),
    path("schools/<str:code>/policies/", policies.policies, name="policies"),
    path("schools/<str:code>/policies/<int:number>/", policies.policy, name="policy"),
    path("prices/", prices.prices, name="prices"),
    path("calculator/", prices.calculator, name="calculator"),
    # 收支与公示
    path("accounts/", accounts.accounts, name="accounts"),
    path("accounts/<str:code>/", accounts.account, name="account"),
    path("publications/", accounts.publications, name="publications"),
    path("publications/<str:number>/", accounts.publication, name="publication"),
    path("publications/<str:number>/poster.pdf", accounts.poster, name="poster"),
    # 第三方机构
    path("providers/", providers.providers, name="providers"),
    path("providers/<int:candidacy_id>/", providers.provider, name="provider"),
    path("providers/<int:candidacy_id>/thanks/", providers.provider_thanks, name="provider_thanks"),
    path("filings/", filings.filings, name="filings"),
    path("filings/<str:school_code>/", filings.filing, name="filing"),
    # 依据、记录、核验
    path("basis/", basis.basis, name="basis"),
    path("rules/", basis.rules, name="rules"),
    path("draws/", draws.draws, name="draws"),
    path("draws/coming/", draws.coming, name="coming_draws"),
    path("draws/<str:name>.py", draws.program, name="draw_program"),
    path("draws/<int:draw_id>/", draws.draw, name="draw"),
    path("draws/<int:draw_id>/poster.pdf", draws.poster, name="draw_poster"),
    path("draws/<int:draw_id>/record.json", draws.record, name="draw_record"),
    path("verify/", verify.verifying, name="verifying"),
    path("verify/<str:code>/", verify.verify, name="verify"),
    path("downloads/", downloads.downloads, name="downloads"),
    path("downloads/<str:name>.csv", downloads.download, name="download"),
    path("complaints/", home.complaints, name="complaints"),
    path("accessibility/", home.accessibility, name="accessibility"),
    path("privacy/", home.privacy, name="privacy"),
    # 各校活动项目表
    path("tables/", tables.tables, name="tables"),
    path("tables/<str:school_code>/<str:term_code>/", tables.table, name="table"),
    path("tables/<str:school_code>/<str:term_code>/<int:number>/", tables.table, name="table_version"),
    path("tables/<str:school_code>/<str:term_code>/<int:number>/paper/", tables.table_paper, name="table_paper"),
    path(
        "tables/<str:school_code>/<str:term_code>/<int:number>/document/", tables.table_document, name="table_document"
    ),
]
