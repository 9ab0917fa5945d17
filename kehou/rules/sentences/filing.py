"""Why a filing does not move on."""

SENTENCES = {
    "R-FILING-03:without_note": "还没有填写报送说明，请写明本次报送的材料和要点。",
    "R-FILING-03:return_without_reason": "退回补正要写明哪一项、怎样改，学校才能补。",
}
