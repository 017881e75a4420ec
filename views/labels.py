"""What the stored codes are called on the screens; the pairs are those of the glossary."""

from __future__ import annotations

from panel.words import Sentence, say

Codes = dict[str, Sentence]

REGION_KINDS: Codes = {
    "province": say("Province"),
    "regency": say("Regency"),
    "city": say("City"),
}
TIME_ZONES: Codes = {
    "Asia/Jakarta": say("Western (WIB)"),
    "Asia/Makassar": say("Central (WITA)"),
    "Asia/Jayapura": say("Eastern (WIT)"),
}
UNIT_KINDS: Codes = {
    "secretariat": say("Secretariat"),
    "agency": say("Regional agency"),
    "inspectorate": say("Inspectorate"),
    "division": say("Division"),
    "council": say("Regional council"),
    "district": say("District"),
    "urban_village": say("Urban village"),
    "village": say("Village"),
    "other": say("Other"),
}
EMPLOYMENT: Codes = {
    "asn_pns": say("Civil servant (PNS)"),
    "asn_pppk": say("Contract civil servant (PPPK)"),
    "elected": say("Elected"),
    "other": say("Other"),
}
APPOINTMENT_STATUS: Codes = {
    "definitive": say("Definitive"),
    "acting_vacant": say("Acting, post vacant (Plt.)"),
    "acting_absent": say("Acting, holder away (Plh.)"),
    "interim": say("Interim (Pj.)"),
}
#: How an acting holder is marked beside the post; the definitive one needs no mark.
APPOINTMENT_MARKS: Codes = {
    "acting_vacant": say("Plt."),
    "acting_absent": say("Plh."),
    "interim": say("Pj."),
}
CATEGORIES: Codes = {
    "prevention": say("Prevention"),
    "education": say("Education"),
    "enforcement": say("Enforcement"),
}
STRATEGIES: Codes = {
    "education": say("Education"),
    "system_improvement": say("System improvement (prevention)"),
    "repressive": say("Repressive (enforcement)"),
}
ORGANISATION_KINDS: Codes = {
    "national_agency": say("National agency"),
    "regional_government": say("Regional government"),
    "agency": say("Regional agency"),
    "media": say("Media"),
    "other": say("Other"),
}
VENUE_KINDS: Codes = {
    "hotel": say("Hotel"),
    "hall": say("Hall"),
    "office": say("Office"),
    "other": say("Other"),
}
PRECISIONS: Codes = {
    "day": say("Day"),
    "month": say("Month only"),
    "year": say("Year only"),
    "unknown": say("Unknown date"),
}
KNOWN: Codes = {
    "yes": say("Yes"),
    "no": say("No"),
    "unknown": say("Not known"),
}
SPEAKER_ROLES: Codes = {
    "speaker": say("Speaker"),
    "opening": say("Opening"),
    "remarks": say("Remarks"),
    "moderator": say("Moderator"),
}
INVITATION_STAGES: Codes = {
    "invited": say("Invited"),
    "confirmed": say("Will come"),
    "declined": say("Declined"),
    "spoke": say("Spoke"),
}
MESSAGE_KINDS: Codes = {
    "message": say("Message"),
    "definition": say("Definition"),
    "paraphrase": say("Quotation, paraphrased"),
}
PAPER_KINDS: Codes = {
    "invitation": say("Invitation"),
    "assignment_letter": say("Letter of assignment"),
    "materials": say("Materials"),
    "attendance_scan": say("Signed attendance list, scanned"),
    "report": say("Report"),
    "photograph": say("Photograph"),
    "other": say("Other"),
}
ATTENDANCE: Codes = {
    "present": say("Present"),
    "excused": say("Excused"),
    "sick": say("Sick"),
    "on_duty": say("On duty elsewhere"),
    "absent": say("Without notice"),
    "represented": say("Represented"),
}
PARTIES: Codes = {
    "official": say("Official"),
    "spouse": say("Spouse"),
    "both": say("Official and spouse"),
}
COMMITMENT_CATEGORIES: Codes = {
    "time_discipline": say("Discipline of time"),
    "simple_living": say("Simple living"),
    "honest_living": say("Honest living"),
    "service": say("Attentive service"),
    "family_support": say("Support in the family"),
    "other": say("Other"),
}
AREAS: Codes = {
    "public_service": say("Public service"),
    "workplace": say("Workplace"),
    "household": say("Household"),
    "community": say("Community"),
}
PLAN_KINDS: Codes = {
    "improvement": say("Improvement at work"),
    "outreach": say("Passing on to the community"),
}
RESULTS: Codes = {
    "conforming": say("Conforms"),
    "not_yet_conforming": say("Does not conform yet"),
    "not_followed_up": say("Not followed up"),
    "cannot_be_followed_up": say("Cannot be followed up"),
}
HOLIDAY_KINDS: Codes = {
    "holiday": say("Official holiday"),
    "collective_leave": say("Collective leave"),
    "working_day": say("Working day"),
}
VERDICTS: Codes = {"yes": say("Yes"), "no": say("No")}
