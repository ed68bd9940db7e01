using CampaignManager.Application.Settings;
using CampaignManager.Engine.Money;

namespace CampaignManager.Application.Lake;

/// <summary>
/// What an amount among features, outcomes and offers counts in: so many minor units are one. The currency's major unit, whatever its
/// digits. It is kept with features and models, and a model that learnt from another unit is not asked. Files that say nothing are older:
/// they counted in hundreds of minor units under every currency, which for currencies of two digits is the same, so that nothing has to
/// be learnt again there.
/// </summary>
/// <param name="Minor">Minor units in one: 100 for CNY, 1 for JPY, 1000 for KWD.</param>
public readonly record struct AmountUnit(long Minor)
{
    /// <summary>Of files that do not say.</summary>
    public static AmountUnit Unsaid { get; } = new(100);

    /// <summary>Of this shop's amounts.</summary>
    public static AmountUnit Of(ShopSettings shop) => new(Currency.Get(shop.Currency).MinorPerMajor);

    /// <summary>A SQL expression in minor units as one in this unit.</summary>
    public string Sql(string minor) => FormattableString.Invariant($"{minor} / {Minor}.0");
}
