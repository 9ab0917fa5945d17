"""Why a later step may not begin: the gate chain from consultation to filing."""

SENTENCES = {
    "R-GATE-00:bill_before_filing": "本学期备案还没有通过，不能开缴费单；备案通过后再收费。",
}
