"""What can happen at this desk."""

from django.urls import path

from kehou.desks.teacher import (
    contacts,
    departures,
    emergency,
    file,
    opinions,
    review,
    roll,
    sign_up,
    suggesting,
    surveys,
    today,
)

app_name = "teacher"
urlpatterns = [
    path("", today.today, name="today"),
    path("emergency/", emergency.emergency, name="emergency"),
    path("contacts/", contacts.contacts, name="contacts"),
    path("contacts/<int:contact_id>/acknowledgement/", contacts.acknowledgement, name="contact_acknowledgement"),
    path("contacts/<int:contact_id>/children/<int:pupil_id>/reaching/", contacts.reaching, name="contact_reaching"),
    path("contacts/<int:contact_id>/paper.pdf", contacts.paper, name="contact_paper"),
    path("week/", today.week, name="week"),
    path("sessions/<int:session_id>/roll/", roll.roll, name="roll"),
    path("sessions/<int:session_id>/roll/sheet/", roll.sheet, name="roll_sheet"),
    path("sessions/<int:session_id>/closure/", roll.closure, name="closure"),
    path("sessions/<int:session_id>/corrections/", roll.corrections, name="corrections"),
    path("departures/", departures.departures, name="departures"),
    path("departures/<int:pupil_id>/release/", departures.release, name="release"),
    path("departures/<int:pupil_id>/release/removal/", departures.removal, name="release_removal"),
    path("file/", file.file, name="file"),
    path("file/certificate.pdf", file.certificate, name="file_certificate"),
    path("file/papers/<int:paper_id>/", file.paper, name="file_paper"),
    path("file/papers/<int:paper_id>.pdf", file.paper_pdf, name="file_paper_pdf"),
    path("file/incidents/<int:incident_id>/statement/", file.statement, name="incident_statement"),
    path("file/quizzes/", file.quizzes, name="quizzes"),
    path("file/quizzes/<int:attempt_id>/", file.quiz, name="quiz"),
    path("gate/", departures.gate_list, name="gate"),
    path("opinions/", opinions.opinions, name="opinions"),
    path("surveys/", surveys.surveys, name="surveys"),
    path("sign-up/", sign_up.sign_up, name="sign_up"),
    path("sign-up/visits/<int:visit_id>/answer/", sign_up.visit_answer, name="visit_answer"),
    path("reviews/", review.reviews, name="reviews"),
    path("reviews/passing/", review.passing, name="review_passing"),
    path("reviews/<int:application_id>/suggestion/", suggesting.suggestion, name="suggestion"),
    path("suggestions/<int:suggestion_id>/withdrawal/", suggesting.withdrawal, name="suggestion_withdrawal"),
    path("reviews/<int:application_id>/answer/", review.answer, name="review_answer"),
]
