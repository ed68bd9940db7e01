namespace CampaignManager.Application.Demo;

/// <summary>A customer's level as a member (会员等级). Everybody begins at the first.</summary>
internal enum DemoTier
{
    Basic,
    Silver,
    Gold,
}

/// <summary>The shop's rule: by what was paid for goods within a year.</summary>
internal static class DemoTiers
{
    /// <summary>Minor units paid for goods in 365 days from which on a customer is silver, and gold.</summary>
    public const long SilverFrom = 60_000;
    public const long GoldFrom = 200_000;

    public static DemoTier Of(long paidInYear) =>
        paidInYear >= GoldFrom ? DemoTier.Gold : paidInYear >= SilverFrom ? DemoTier.Silver : DemoTier.Basic;

    /// <summary>As the shop's customer list has it.</summary>
    public static string Name(this DemoTier tier) => tier switch
    {
        DemoTier.Basic => "普通",
        DemoTier.Silver => "银卡",
        DemoTier.Gold => "金卡",
        _ => throw new ArgumentOutOfRangeException(nameof(tier)),
    };
}
