namespace CampaignManager.Engine.Offers;

/// <summary>What must hold for an offer by itself.</summary>
internal static class OfferValidation
{
    private const int MostTiers = 10;

    public static void Check(Offer offer, RuleErrors errors)
    {
        switch (offer)
        {
            case FullReduction reduction:
                CheckReduction(reduction, errors);
                break;
            case PercentOff percent:
                CheckPercent(percent, errors);
                break;
            case FreeShipping shipping:
                errors.Amount("offer.spend", shipping.Spend);
                errors.Amount("offer.cap", shipping.Cap);
                break;
            default:
                if (!MechanicValidation.Check(offer, errors))
                    errors.Add("offer.type", "offer-unknown", $"'{offer.Type}' is not a known mechanic.", offer.Type);
                break;
        }
    }

    private static void CheckReduction(FullReduction offer, RuleErrors errors)
    {
        if (offer.Every is null && (offer.Off is not null || offer.MaxTimes is not null))
            errors.Add("offer.every", "every-missing", "Say for every how much spent this comes off.");
        else if (offer.Every is not null && offer.Tiers.Count > 0)
            errors.Add("offer.every", "tiers-or-every", "An offer has either tiers or an amount off every so much, not both.");
        else if (offer.Every is not null)
            CheckEvery(offer, errors);
        if (offer is { Every: null, Off: null, MaxTimes: null } || offer.Tiers.Count > 0)
            CheckTiers(offer, errors);
    }

    private static void CheckEvery(FullReduction offer, RuleErrors errors)
    {
        var sound = errors.Amount("offer.every", offer.Every) & errors.Amount("offer.off", offer.Off);
        if (offer.Off is null)
            errors.Add("offer.off", "off-missing", "Say how much comes off.");
        else if (sound && offer.Off > offer.Every && !offer.AllowFree)
            OffOverSpend("offer.off", errors);
        errors.Between("offer.maxTimes", offer.MaxTimes, 1, 1_000_000);
    }

    private static void CheckTiers(FullReduction offer, RuleErrors errors)
    {
        CheckCount(offer.Tiers.Count, errors);
        decimal? before = null;
        for (var i = 0; i < offer.Tiers.Count; i++)
        {
            var path = $"offer.tiers[{i}]";
            if (offer.Tiers[i] is not { } tier)
            {
                errors.Add(path, "blank", "The entry is blank.");
                continue;
            }

            var sound = errors.Amount(path + ".spend", tier.Spend) & errors.Amount(path + ".off", tier.Off);
            CheckOrder(path, tier.Spend, before, errors);
            if (sound && tier.Off > tier.Spend && !offer.AllowFree)
                OffOverSpend(path + ".off", errors);
            before = tier.Spend;
        }
    }

    private static void CheckPercent(PercentOff offer, RuleErrors errors)
    {
        CheckCount(offer.Tiers.Count, errors);
        decimal? before = null;
        for (var i = 0; i < offer.Tiers.Count; i++)
        {
            var path = $"offer.tiers[{i}]";
            if (offer.Tiers[i] is not { } tier)
            {
                errors.Add(path, "blank", "The entry is blank.");
                continue;
            }

            errors.Amount(path + ".spend", tier.Spend);
            errors.Percent(path + ".percent", tier.Percent);
            CheckOrder(path, tier.Spend ?? 0, before, errors);
            before = tier.Spend ?? 0;
        }

        errors.Amount("offer.cap", offer.Cap);
    }

    public static void CheckCount(int count, RuleErrors errors)
    {
        if (count == 0)
            errors.Add("offer.tiers", "tiers-missing", "An offer needs at least one tier.");
        else if (count > MostTiers)
            errors.Add("offer.tiers", "tiers-many", "An offer has at most 10 tiers.");
    }

    private static void CheckOrder(string path, decimal spend, decimal? before, RuleErrors errors)
    {
        if (before is { } lower && spend <= lower)
            errors.Add(path + ".spend", "tiers-order", "Tiers go up: this spend must be above the one before.");
    }

    private static void OffOverSpend(string path, RuleErrors errors) => errors.Add(
        path, "off-over-spend", "More comes off than is spent. Set allowFree if that is meant.");
}
