using CampaignManager.Application.Experiments.Outcomes;

namespace CampaignManager.Application.Experiments.Results;

/// <summary>From whole sums to what is said of them. It computes nothing that the Engine's estimates do not.</summary>
public static class ResultReader
{
    /// <param name="sums">As counted.</param>
    /// <param name="design">As registered at launch.</param>
    public static ExperimentResult Read(ExperimentSums sums, ExperimentDesign design)
    {
        ArgumentNullException.ThrowIfNull(sums);
        ArgumentNullException.ThrowIfNull(design);
        var columns = MetricColumn.Of(sums);
        var decides = columns[0];
        var closed = IsClosed(sums, design);
        var health = HealthReader.Read(sums, closed);
        var control = sums.Epochs.Select(e => e.Arms).FirstOrDefault(a => a.Count > 0)?[0].Key ?? PlannedArm.Control;
        string[] arms = [.. sums.Epochs.SelectMany(e => e.Arms).Select(a => a.Key).Where(a => a != control).Distinct()];
        var assigned = sums.Epochs.SelectMany(e => e.Assigned).Where(a => a.Dimension.Length == 0).Sum(a => a.Customers);
        var planned = design.Peeking(assigned).Planned;

        var reader = new ComparisonReader(sums, design, columns, design.EndAlpha);
        List<ReadingResult> readings = [.. Kinds(sums, after: false, closed).Select(k => Reading(sums, reader, k, arms, control)).OfType<ReadingResult>()];
        List<ReadingResult> after = [.. Kinds(sums, after: true, closed).Select(k => Reading(sums, reader, k, arms, control)).OfType<ReadingResult>()];
        var counts = readings.Count > 0 ? (readings[0].Reading, readings[0].Days) : (OutcomeReading.SoFar, 0);
        var daysLeft = sums.ClosesAt is { } closes && closes > sums.AsOf ? (int)Math.Ceiling((closes - sums.AsOf).TotalDays) : (int?)null;
        var decisions = new BannerReader(design, decides, health, closed, daysLeft).Read(
            [.. Against(readings, control).Select(c => (c, Pairs(sums, counts, c.Arm, control), Pairs(sums, (OutcomeReading.FirstDays, design.FirstDays), c.Arm, control)))],
            planned);
        var curve = new CurveReader(design, decides, planned);
        return new ExperimentResult(
            sums.Experiment, sums.AsOf, sums.ClosesAt, closed, sums.Provisional, sums.Currency ?? decides.Currency, design, decides.Name, BannerReader.Headline(decisions), decisions,
            readings, after, [.. arms.Select(a => curve.Read(sums, a, control, arms.Length)).Where(c => c.Points.Count > 0)], health, [.. sums.Epochs.Select(Epoch)]);
    }

    // Without a planned end what is kept comes from the epochs that are over.
    private static bool IsClosed(ExperimentSums sums, ExperimentDesign design) =>
        sums.Epochs.Any(e => e.Readings.Any(r => r.Reading == OutcomeReading.Final))
        && (sums.ClosesAt <= Recorded(sums) || (!design.HasEnd && sums.Epochs.Any(e => e.Until <= Recorded(sums))));

    // What the clock says is over is not, before its orders are there.
    private static DateTime Recorded(ExperimentSums sums) => sums.Freshness < sums.AsOf ? sums.Freshness.Value : sums.AsOf;

    private static IEnumerable<ComparisonResult> Against(List<ReadingResult> readings, string control) =>
        readings.Count == 0 ? [] : readings[0].Comparisons.Where(c => c.Against == control);

    private static IEnumerable<(OutcomeReading Reading, int Days)> Kinds(ExperimentSums sums, bool after, bool closed) =>
        sums.Epochs.SelectMany(e => e.Readings).Select(r => (r.Reading, r.Days)).Distinct()
            .Where(k => (k.Reading == OutcomeReading.After) == after && (closed || k.Reading != OutcomeReading.Final)).OrderBy(k => k.Reading).ThenBy(k => k.Days);

    private static List<(EpochSums Epoch, ReadingSums Reading)> Epochs(ExperimentSums sums, (OutcomeReading Reading, int Days) kind) =>
        [.. from epoch in sums.Epochs from reading in epoch.Readings where (reading.Reading, reading.Days) == kind select (epoch, reading)];

    private static IReadOnlyList<ArmPair> Pairs(ExperimentSums sums, (OutcomeReading, int) kind, string arm, string control) =>
        ArmPair.Of(Epochs(sums, kind).Select(e => (e.Epoch, e.Reading.Arms)), arm, control);

    private static ReadingResult? Reading(ExperimentSums sums, ComparisonReader reader, (OutcomeReading Reading, int Days) kind, string[] arms, string control)
    {
        var epochs = Epochs(sums, kind);
        var comparisons = SegmentReader.Judge([.. arms.Select(a => reader.Read(epochs, a, control)).OfType<ComparisonResult>()]);
        if (comparisons.Count == 0)
            return null;
        // Variants are also read against the offer that runs.
        var besides = arms.Contains(PlannedArm.Current) && arms.Length > 1
            ? arms.Where(a => a != PlannedArm.Current).Select(a => reader.Read(epochs, a, PlannedArm.Current)).OfType<ComparisonResult>() : [];
        var customers = epochs.Sum(e => e.Reading.Arms.Sum(Customers));
        return new ReadingResult(kind.Reading, kind.Days, From(epochs), Until(sums, kind), customers, [.. comparisons, .. besides]);
    }

    private static long Customers(ArmCell arm) =>
        arm.Named.Count > 0 ? arm.Named[0].Sums.Count : arm.Metrics.Count > 0 ? arm.Metrics.Values.First().Count : 0;

    private static DateTime? From(List<(EpochSums Epoch, ReadingSums)> epochs) => epochs.Min(e => e.Epoch.From) is var from && from == default ? null : from;

    private static DateTime? Until(ExperimentSums sums, (OutcomeReading Reading, int Days) kind) => kind.Reading switch
    {
        OutcomeReading.Final => sums.ClosesAt,
        OutcomeReading.FirstDays => sums.AsOf.AddDays(-kind.Days),
        _ => sums.AsOf,
    };

    private static EpochResult Epoch(EpochSums epoch)
    {
        var sizes = epoch.Assigned.Where(a => a.Dimension.Length == 0).GroupBy(a => a.Arm).ToDictionary(g => g.Key, g => g.Sum(a => a.Customers));
        return new EpochResult(epoch.Epoch, epoch.VersionId, epoch.From, epoch.Until, [.. epoch.Arms.Select(a => new ArmSize(a.Key, a.Share, sizes.GetValueOrDefault(a.Key)))]);
    }
}
