using CampaignManager.Application.Experiments.Outcomes;
using CampaignManager.Application.Experiments.Results;
using CampaignManager.Engine.Experiments.Decisions;
using CampaignManager.Engine.Experiments.Sums;

namespace CampaignManager.Application.Tests.Experiments.Results;

/// <summary>Sums made by hand: customers who buy nothing, and buyers whose profits step evenly around a middle.</summary>
internal static class ASums
{
    public static readonly DateTime Start = new(2026, 9, 7, 0, 0, 0, DateTimeKind.Utc);

    /// <summary>An arm of n customers, buyers of them with a net profit of 0.5 … 1.5 times the middle (minor units).</summary>
    public static ArmCell Arm(string key, int n, int buyers, long middle, double returned = 0.05, double rate = 0.4, long discount = 0)
    {
        long[] profits = [.. Enumerable.Range(0, n).Select(i => i < buyers ? middle * (50 + 100L * i / Math.Max(1, buyers - 1)) / 100 : 0)];
        long[] revenue = [.. profits.Select(p => (long)(p / rate))], back = [.. revenue.Select((r, i) => (i % 7 == 0 ? (long)(7 * returned * r) : 0))];
        long[] margin = profits, given = [.. profits.Select(p => p == 0 ? 0 : discount)];
        var bought = OutcomeSums.OfProportion(buyers, n);
        return new ArmCell(key, new Dictionary<OutcomeMetric, OutcomeSums>
        {
            [OutcomeMetric.NetProfit] = OutcomeSums.Of(profits),
            [OutcomeMetric.NetProfitCapped] = OutcomeSums.Of([.. profits.Select(p => Math.Clamp(p, -2 * Math.Abs(middle), 2 * Math.Abs(middle)))]),
            [OutcomeMetric.Conversion] = bought,
            [OutcomeMetric.Orders] = bought,
            [OutcomeMetric.Revenue] = OutcomeSums.Of(revenue),
            [OutcomeMetric.Margin] = OutcomeSums.Of(margin),
            [OutcomeMetric.Discount] = OutcomeSums.Of(given),
            [OutcomeMetric.Returns] = OutcomeSums.Of(back),
        }, CrossSums.Of(ArmCell.CrossColumns, Enumerable.Range(0, n).Select(i => (long[])[profits[i], i % 5 == 0 ? middle : 0, 0, revenue[i], back[i], margin[i], given[i]])));
    }

    public static ReadingSums Reading(OutcomeReading reading, int days, params ArmCell[] arms) => new(reading, days, arms, []);

    public static EpochSums Epoch(IReadOnlyList<PlannedArm> arms, params ReadingSums[] readings) =>
        new(1, "v1", arms, Start, null, readings, [], 0, new Dictionary<string, CrossSums>(), []);

    public static IReadOnlyList<PlannedArm> Halves { get; } = [new(PlannedArm.Control, 0.5), new(PlannedArm.Current, 0.5)];

    /// <summary>Sums as of a day after the start.</summary>
    public static ExperimentSums Of(int day, long? cap, int? closes, params EpochSums[] epochs) => new(
        Guid.Parse("11111111-1111-1111-1111-111111111111"), Start.AddDays(day), Start.AddDays(day), closes is { } c ? Start.AddDays(c) : null, false, cap, false, "CNY",
        new Dictionary<string, long>(), epochs);

    /// <summary>Everything over: 28 days, a final reading of two halves.</summary>
    public static ExperimentSums Closed(ArmCell control, ArmCell current, long? cap = 20_000) =>
        Of(60, cap, 42, Epoch(Halves, Reading(OutcomeReading.Final, 0, control, current)));

    public static ExperimentDesign Design(
        DecisionPreset preset = DecisionPreset.ClearSignal, double? target = 5, bool hasEnd = true, bool endMoved = false, int? days = 28, double planned = 20_000) =>
        new(preset, target, GuardrailRule.Usual, 14, planned, hasEnd, endMoved, days);
}
