"""Bills, waivers, payments, refunds, the fund."""
