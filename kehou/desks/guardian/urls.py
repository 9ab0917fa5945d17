"""What can happen at this desk."""

from django.urls import path

from kehou.desks.guardian import (
    afternoon,
    agreement,
    application,
    bills,
    card,
    home,
    homework,
    leaving,
    opinions,
    refill,
    renewals,
    result,
    siblings,
    suggestions,
    surveys,
    swaps,
)

app_name = "guardian"
urlpatterns = [
    path("", home.start, name="start"),
    path("<int:pupil_id>/", home.home, name="home"),
    # the choice
    path("<int:pupil_id>/application/", application.application, name="application"),
    path("<int:pupil_id>/application/price/", application.price, name="price"),
    path("<int:pupil_id>/application/receipt/", application.receipt, name="receipt"),
    path("<int:pupil_id>/renewals/", renewals.renewals, name="renewals"),
    path("<int:pupil_id>/renewals/<int:renewal_id>/answer/", renewals.answer, name="renewal_answer"),
    path("<int:pupil_id>/siblings/", siblings.siblings, name="siblings"),
    path("<int:pupil_id>/siblings/removal/", siblings.removal, name="siblings_removal"),
    path("<int:pupil_id>/suggestions/", suggestions.suggestions, name="suggestions"),
    path("<int:pupil_id>/suggestions/<int:suggestion_id>/answer/", suggestions.answer, name="suggestion_answer"),
    path("<int:pupil_id>/application/removal/", result.step_back, name="step_back"),
    # what the school asks before it plans
    path("<int:pupil_id>/surveys/", surveys.surveys, name="surveys"),
    path("<int:pupil_id>/surveys/<int:survey_id>/ticket/", surveys.survey_ticket, name="survey_ticket"),
    path("<int:pupil_id>/opinions/<int:number>/", opinions.opinions, name="opinions"),
    path("<int:pupil_id>/opinions/<int:number>/child/", opinions.child, name="child_opinions"),
    path("<int:pupil_id>/notice/", opinions.notice, name="notice"),
    path("<int:pupil_id>/notice/paper.pdf", opinions.notice_print, name="notice_print"),
    path("<int:pupil_id>/amendments/<int:consent_id>/", opinions.amendment, name="amendment"),
    # the result and the agreement
    path("<int:pupil_id>/result/", result.result, name="result"),
    path("<int:pupil_id>/offers/<int:offer_id>/answer/", result.answer, name="offer_answer"),
    path("<int:pupil_id>/refill/", refill.refill, name="refill"),
    path("<int:pupil_id>/refill/receipt.json", refill.receipt, name="refill_receipt"),
    path("<int:pupil_id>/refill/<int:weekday>/", refill.asking, name="refill_asking"),
    path("<int:pupil_id>/refill/<int:weekday>/withdrawal/", refill.withdrawal, name="refill_withdrawal"),
    path("<int:pupil_id>/swaps/", swaps.swaps, name="swaps"),
    path("<int:pupil_id>/swaps/<int:placement_id>/", swaps.asking, name="swap_asking"),
    path("<int:pupil_id>/swaps/<int:placement_id>/withdrawal/", swaps.withdrawal, name="swap_withdrawal"),
    path("<int:pupil_id>/agreement/", agreement.agreement, name="agreement"),
    path("<int:pupil_id>/agreement/paper.pdf", agreement.paper, name="agreement_paper"),
    # the afternoons
    path("<int:pupil_id>/homework/", homework.report, name="homework"),
    path("<int:pupil_id>/homework/removal/", homework.removal, name="homework_removal"),
    path("<int:pupil_id>/leave/", afternoon.leave, name="leave"),
    path("<int:pupil_id>/leave/<int:leave_id>/removal/", afternoon.leave_removal, name="leave_removal"),
    path("<int:pupil_id>/leave/<int:leave_id>/proof/", afternoon.leave_proof, name="leave_proof"),
    path("<int:pupil_id>/pickup/", afternoon.pickup, name="pickup"),
    path("<int:pupil_id>/pickup/<int:person_id>/removal/", afternoon.pickup_removal, name="pickup_removal"),
    path("<int:pupil_id>/days/", leaving.days, name="days"),
    path("<int:pupil_id>/exit/", leaving.leave, name="exit"),
    # the family's own
    path("<int:pupil_id>/card/", card.card, name="card"),
    path("<int:pupil_id>/card/consents/", card.consents, name="consents"),
    path("<int:pupil_id>/card/consents/<slug:kind>.pdf", card.consent, name="consent"),
    path("<int:pupil_id>/card/contacts/", card.contacts, name="contacts"),
    path("<int:pupil_id>/card/export/", card.export, name="export"),
    # money
    path("<int:pupil_id>/bills/", bills.bills, name="bills"),
    path("<int:pupil_id>/bills/<str:number>.pdf", bills.receipt, name="bill_receipt"),
]
