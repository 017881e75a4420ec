"""The office's own acts, as the change log tells them: neither forms nor steps."""

from __future__ import annotations

from panel.words import say

#: How the change log tells the acts that are no form and no step.
ACTS = {
    "seed": say("%(who)s brought in the reference data."),
    "demo": say("%(who)s brought in sample data."),
    "schema": say("%(who)s put back triggers that differed."),
    "schema.fill": say("%(who)s filled new fields of the database."),
    "schema.upgrade": say("%(who)s changed the build of the database."),
    "process_version.publish": say("%(who)s published a process."),
    "process_version.map": say("%(who)s said how records pass on to a changed process."),
    "process_version.migrate": say("%(who)s passed records on to a changed process."),
    "process_version.propose": say("%(who)s proposed a changed process."),
    "process_version.take_up": say("%(who)s took up a changed process."),
    "process_version.withdraw": say("%(who)s turned down a changed process."),
    "proposal.renew": say("%(who)s brought a proposal up to date: %(record)s."),
    "proposal.drop": say("%(who)s took rows out of a proposal: %(record)s."),
    "account.official": say("%(who)s changed which official %(record)s is."),
    "log.erase": say("%(who)s erased the personal data of %(record)s."),
    "access_review.sign-off": say("%(who)s reviewed who has access and signed it off: %(record)s."),
    "attendance.record": say("%(who)s recorded attendance."),
    "attendance.rest": say("%(who)s recorded the rest of a sheet as present."),
    "attendance.undo_rest": say("%(who)s took back that the rest of a sheet was present."),
    "participation.accept": say("%(who)s brought the list up to the posts of its day: %(record)s."),
    "participation.walk_in": say("%(who)s added somebody who came uninvited: %(record)s."),
    "training_session.make_up": say("%(who)s planned a make-up session: %(record)s."),
    "appointment.rotate": say("%(who)s recorded a new holder: %(record)s."),
    "appointment.vacate": say("%(who)s recorded that a holder leaves: %(record)s."),
    "appointment.swap": say("%(who)s let two holders change posts, one of them %(record)s."),
}
#: The same acts in a word, to choose from.
ACT_NAMES = {
    "process_version.publish": say("published"),
    "proposal.renew": say("brought up to date"),
    "proposal.drop": say("rows taken out"),
    "account.official": say("official named"),
    "log.erase": say("personal data erased"),
    "access_review.sign-off": say("access reviewed"),
    "attendance.record": say("attendance recorded"),
    "attendance.rest": say("rest recorded as present"),
    "attendance.undo_rest": say("rest taken back"),
    "participation.accept": say("list brought up to date"),
    "participation.walk_in": say("came uninvited"),
    "training_session.make_up": say("make-up session planned"),
    "appointment.rotate": say("new holder recorded"),
    "appointment.vacate": say("post vacated"),
    "appointment.swap": say("posts swapped"),
}
