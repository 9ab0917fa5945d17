"""What can happen at this desk."""

from django.urls import path

from kehou.desks.district import (
    accounts,
    calendar,
    exceptions,
    filings,
    instruments,
    jobs,
    journal,
    money,
    notices,
    overview,
    parameters,
    schools,
    surveys,
)

app_name = "district"
urlpatterns = [
    # 意向调查
    path("surveys/", surveys.surveys, name="surveys"),
    path("surveys/results/", surveys.survey_results, name="survey_results"),
    path("surveys/core/", surveys.survey_core, name="survey_core"),
    path("", overview.home, name="home"),
    path("overview/", overview.overview, name="overview"),
    path("waves/", overview.waves, name="waves"),
    path("money/", money.totals, name="money"),
    path("money/refunds/", money.refunds, name="refunds"),
    path("money/refunds/paying/", money.paying, name="refund_paying"),
    path("money/refunds/<int:refund_id>/approval/", money.approval, name="refund_approval"),
    # rules
    path("parameters/", parameters.parameters, name="parameters"),
    path("parameters/<str:key>/", parameters.parameter, name="parameter"),
    path("parameters/<str:key>/proposals/", parameters.proposals, name="proposals"),
    path("parameters/versions/<int:version_id>/decision/", parameters.decision, name="decision"),
    path("instruments/", instruments.instruments, name="instruments"),
    path("instruments/new/", instruments.new_instrument, name="instrument_new"),
    path("instruments/<int:instrument_id>/", instruments.instrument, name="instrument"),
    path("calendar/", calendar.calendar, name="calendar"),
    path("calendar/terms/new/", calendar.new_term, name="term_new"),
    path("calendar/terms/<str:code>/", calendar.term, name="term"),
    path("calendar/days/<str:on>/", calendar.day, name="day"),
    path("calendar/days/<str:on>/removal/", calendar.day_removal, name="day_removal"),
    path("calendar/notice/", notices.notice, name="notice"),
    path("calendar/notice/taking/", notices.taking, name="notice_taking"),
    path("closures/", calendar.closures, name="closures"),
    path("closures/new/", calendar.new_closure, name="closure_new"),
    path("closures/<int:closure_id>/lifting/", calendar.lifting, name="closure_lifting"),
    path("end-exceptions/", exceptions.exceptions, name="exceptions"),
    path("end-exceptions/new/", exceptions.new_exception, name="exception_new"),
    # filings
    path("filings/", filings.filings, name="filings"),
    path("filings/<int:filing_id>/", filings.filing, name="filing"),
    path("filings/<int:filing_id>/decision/", filings.decision, name="filing_decision"),
    # schools and accounts
    path("schools/", schools.schools, name="schools"),
    path("schools/new/", schools.new_school, name="school_new"),
    path("schools/<str:code>/", schools.school, name="school"),
    path("schools/<str:code>/edit/", schools.edit, name="school_edit"),
    path("schools/<str:code>/posts/", schools.posts, name="school_posts"),
    path("schools/<str:code>/posts/<int:post_id>/end/", schools.post_end, name="school_post_end"),
    path("accounts/", accounts.accounts, name="accounts"),
    path("accounts/new/", accounts.new_post, name="account_new"),
    path("accounts/<int:account_id>/", accounts.account, name="account"),
    path("accounts/<int:account_id>/password/", accounts.password, name="account_password"),
    path("accounts/<int:account_id>/switch/", accounts.switch, name="account_switch"),
    path("accounts/posts/<int:post_id>/end/", accounts.post_end, name="post_end"),
    # the machine room
    path("jobs/", jobs.jobs, name="jobs"),
    path("jobs/<int:job_id>/", jobs.job, name="job"),
    path("jobs/<int:job_id>/again/", jobs.again, name="job_again"),
    path("journal/", journal.journal, name="journal"),
    path("journal/verification/", journal.verification, name="verification"),
    path("journal/unmaskings/", journal.unmaskings, name="unmaskings"),
]
