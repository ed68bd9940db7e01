namespace CampaignManager.Application.ShopData.Reading.Past;

/// <summary>Whether a campaign's arms came out as they were said to be drawn: sample ratio mismatch, by chi-square against the stated
/// chances.</summary>
internal sealed class ArmBalance
{
    // Chi-square of one degree of freedom at p = .001.
    private const double Alarm = 10.8276;

    private double expected;
    private long stated;

    public long Control { get; private set; }

    public long Treated { get; private set; }

    public long InBothArms { get; set; }

    public double? ChiSquare => stated == 0 || stated != Control + Treated || expected <= 0 || expected >= stated ? null
        : ((Treated - expected) * (Treated - expected) / expected) + ((Control - (stated - expected)) * (Control - (stated - expected)) / (stated - expected));

    public bool IsAlarming => ChiSquare > Alarm;

    /// <param name="arm">0: held back.</param>
    /// <param name="toTreat">Chance to be treated; null: nobody said.</param>
    public void Add(int arm, double? toTreat)
    {
        (Control, Treated) = arm == 0 ? (Control + 1, Treated) : (Control, Treated + 1);
        if (toTreat is not { } chance)
            return;
        stated++;
        expected += chance;
    }

    public IReadOnlyDictionary<string, object> Say()
    {
        var said = new SortedDictionary<string,
            object>(StringComparer.Ordinal)
        { ["control"] = Control, ["treated"] = Treated, ["in_both_arms"] = InBothArms };
        if (ChiSquare is { } chi)
        {
            said["p_treated"] = Math.Round(expected / stated, 4);
            said["chi2"] = Math.Round(chi, 4);
            said["srm_alarm"] = IsAlarming;
        }

        return said;
    }
}
