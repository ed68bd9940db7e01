using CampaignManager.Engine.Offers.Pricing;

namespace CampaignManager.Engine.Offers;

/// <summary>Rules that can be priced but cannot have been meant: a selection that has lost its last name, a step that gives less than the one below.</summary>
public static class RulesIntent
{
    /// <summary>Everything of that kind; empty when the rules say what they seem to.</summary>
    public static IReadOnlyList<RuleError> Check(CampaignRules rules)
    {
        ArgumentNullException.ThrowIfNull(rules);
        var errors = new RuleErrors(rules.Currency);
        Named("scope.include", rules.Scope.Include, errors);
        CheckOffer(rules.Offer, errors);
        // Of characters that nobody sees nothing is left to type.
        if (rules.Trigger.Code is { } code && !string.IsNullOrWhiteSpace(code) && CouponCode.Normalise(code).Length == 0)
            errors.Add("trigger.code", "code-length", "A code has 1 to 64 characters.");
        return errors.All;
    }

    private static void CheckOffer(Offer offer, RuleErrors errors)
    {
        switch (offer)
        {
            case FullReduction reduction:
                Rising("off", reduction.Tiers, t => t?.Off, errors);
                break;
            case PercentOff percent:
                Rising("percent", percent.Tiers, t => t?.Percent, errors);
                break;
            case QuantityDiscount quantity:
                Rising("off", quantity.Tiers, t => t?.Off, errors);
                Rising("percent", quantity.Tiers, t => t?.Percent, errors);
                break;
            case BuyXGetY sets:
                Named("offer.buy.scope.include", sets.Buy.Scope?.Include, errors);
                Named("offer.get.scope.include", sets.Get.Scope?.Include, errors);
                break;
            case Bundle bundle:
                for (var i = 0; i < bundle.Items.Count; i++)
                    Named($"offer.items[{i}].scope.include", bundle.Items[i]?.Scope?.Include, errors);
                break;
        }
    }

    // With nothing named an include would take in everything: whoever took the last product out of it meant the opposite.
    private static void Named(string path, ScopeSelector? include, RuleErrors errors)
    {
        if (include is { IsEmpty: true })
            errors.Add(path, "include-empty", "Nothing is named here. Name goods, or leave the include out for all goods.");
    }

    private static void Rising<T>(string field, IReadOnlyList<T> tiers, Func<T?, decimal?> grant, RuleErrors errors)
    {
        decimal? before = null;
        for (var i = 0; i < tiers.Count; i++)
        {
            var own = grant(tiers[i]);
            if (own < before)
                errors.Add($"offer.tiers[{i}].{field}", "tiers-fall", "A later step must not give less than the one before.");
            before = own ?? before;
        }
    }
}
