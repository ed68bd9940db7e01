namespace CampaignManager.Application.Demo;

/// <summary>How an order stands with the shop.</summary>
internal enum DemoStatus : byte
{
    Counted = 1,
    Unpaid,
    Cancelled,
    Test,
}

/// <summary>What the shop first had wrong of an order, and said anew later.</summary>
internal enum DemoMistake : byte
{
    None,

    /// <summary>It stood as not paid for.</summary>
    Unpaid,

    /// <summary>A shipping fee too many was charged.</summary>
    Shipping,
}

/// <summary>What becomes of an order after it was placed. Money in minor units.</summary>
/// <param name="LateDays">Days after which alone the shop's system told of it; 0 for the night after.</param>
/// <param name="Mistake">Corrected since.</param>
/// <param name="RefundDays">Days after which money went back; null for none.</param>
/// <param name="RefundLine">The one line that came back; null for all of the order, shipping included.</param>
internal readonly record struct DemoPaper(int LateDays, DemoMistake Mistake, double? RefundDays, int? RefundLine)
{
    /// <summary>Corrections are of the days before the end.</summary>
    private const int CorrectedDays = 20;

    public static DemoPaper Draw(ref DemoRandom random, double time, double end, int lines)
    {
        var late = random.Chance(0.012) ? 3 + random.Below(6) : 0;
        var mistake = random.Chance(0.03) ? random.Chance(0.6) ? DemoMistake.Unpaid : DemoMistake.Shipping : DemoMistake.None;
        double? refund = random.Chance(0.05) ? 2 + (16 * random.Uniform()) : null;
        int? line = random.Chance(0.6) ? random.Below(lines) : null;
        if (time < end - CorrectedDays || time >= end - 1)
            mistake = DemoMistake.None;
        return new DemoPaper(time + late + 1 < end ? late : 0, mistake, time + refund < end ? refund : null, line);
    }
}
