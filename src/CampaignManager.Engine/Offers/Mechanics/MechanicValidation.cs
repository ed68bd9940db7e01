namespace CampaignManager.Engine.Offers;

/// <summary>What must hold for the mechanics that count or pick units.</summary>
internal static class MechanicValidation
{
    private const int MostUnits = 100_000;

    /// <summary>False when the mechanic is none of these.</summary>
    public static bool Check(Offer offer, RuleErrors errors)
    {
        switch (offer)
        {
            case QuantityDiscount quantity:
                CheckQuantity(quantity, errors);
                return true;
            case AmountOff amount:
                errors.Amount("offer.amount", amount.Amount);
                errors.Between("offer.maxUnits", amount.MaxUnits, 1, MostUnits);
                return true;
            case FixedPrice price:
                errors.AmountOrZero("offer.price", price.Price);
                errors.Between("offer.maxUnits", price.MaxUnits, 1, MostUnits);
                return true;
            case BuyXGetY sets:
                CheckPart("offer.buy", sets.Buy.Quantity, sets.Buy.Scope, errors);
                CheckPart("offer.get", sets.Get.Quantity, sets.Get.Scope, errors);
                errors.Percent("offer.get.percent", sets.Get.Percent);
                errors.Between("offer.maxTimes", sets.MaxTimes, 1, 1_000_000);
                return true;
            case Bundle bundle:
                CheckBundle(bundle, errors);
                return true;
            case Gift gift:
                CheckGift(gift, errors);
                return true;
            default:
                return false;
        }
    }

    private static void CheckQuantity(QuantityDiscount offer, RuleErrors errors)
    {
        OfferValidation.CheckCount(offer.Tiers.Count, errors);
        int? before = null;
        for (var i = 0; i < offer.Tiers.Count; i++)
        {
            var path = $"offer.tiers[{i}]";
            if (offer.Tiers[i] is not { } tier)
            {
                Blank(path, errors);
                continue;
            }

            errors.Between(path + ".quantity", tier.Quantity, 1, MostUnits);
            if (tier.Quantity <= before)
                errors.Add(path + ".quantity", "tiers-order-quantity", "Tiers go up: this quantity must be above the one before.");
            if (tier.Percent is null == tier.Off is null)
                errors.Add(path, "percent-or-off", "A tier has either a percentage or an amount off.");
            errors.Percent(path + ".percent", tier.Percent);
            errors.Amount(path + ".off", tier.Off);
            before = tier.Quantity;
        }

        errors.Amount("offer.cap", offer.Cap);
    }

    private static void CheckBundle(Bundle offer, RuleErrors errors)
    {
        if (offer.Items.Count is 0 or > 10)
            errors.Add("offer.items", "items-count", "A bundle has 1 to 10 items.");
        for (var i = 0; i < offer.Items.Count; i++)
        {
            if (offer.Items[i] is { } item)
                CheckPart($"offer.items[{i}]", item.Quantity, item.Scope, errors);
            else
                Blank($"offer.items[{i}]", errors);
        }

        errors.AmountOrZero("offer.price", offer.Price);
        errors.Between("offer.maxTimes", offer.MaxTimes, 1, 1_000_000);
    }

    private static void CheckGift(Gift offer, RuleErrors errors)
    {
        OfferValidation.CheckCount(offer.Tiers.Count, errors);
        GiftTier? before = null;
        for (var i = 0; i < offer.Tiers.Count; i++)
        {
            var path = $"offer.tiers[{i}]";
            if (offer.Tiers[i] is not { } tier)
            {
                Blank(path, errors);
                continue;
            }

            if (tier.Spend is null == tier.Quantity is null)
                errors.Add(path, "spend-or-quantity", "A tier starts at either a spend or a quantity.");
            else if (before is not null && before.Spend is null != tier.Spend is null)
                errors.Add(path, "tiers-mixed", "All tiers start at a spend, or all at a quantity.");
            errors.Amount(path + ".spend", tier.Spend);
            errors.Between(path + ".quantity", tier.Quantity, 1, MostUnits);
            if (tier.Spend <= before?.Spend)
                errors.Add(path + ".spend", "tiers-order", "Tiers go up: this spend must be above the one before.");
            if (tier.Quantity <= before?.Quantity)
                errors.Add(path + ".quantity", "tiers-order-quantity", "Tiers go up: this quantity must be above the one before.");
            if (string.IsNullOrWhiteSpace(tier.Sku))
                Blank(path + ".sku", errors);
            errors.Between(path + ".giftQuantity", tier.GiftQuantity, 1, 1000);
            errors.AmountOrZero(path + ".value", tier.Value);
            before = tier;
        }
    }

    private static void CheckPart(string path, int quantity, GoodsScope? scope, RuleErrors errors)
    {
        errors.Between(path + ".quantity", quantity, 1, 1000);
        errors.Selector(path + ".scope.include", scope?.Include);
        errors.Selector(path + ".scope.exclude", scope?.Exclude);
    }

    private static void Blank(string path, RuleErrors errors) => errors.Add(path, "blank", "The entry is blank.");
}
