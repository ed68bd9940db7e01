using CampaignManager.Application.Behaviour;
using CampaignManager.Application.Lake;
using CampaignManager.Engine.Uplift;
using CampaignManager.Engine.Uplift.Learners;
using CampaignManager.Engine.Uplift.Learners.Propensity;
using DuckDB.NET.Data;

namespace CampaignManager.Application.FirstSteps;

/// <summary>Customers of a segment and how likely they are to order.</summary>
/// <param name="Segment">Key of where they stand with the shop.</param>
/// <param name="Customers">Of those looked at.</param>
/// <param name="Expected">Mean chance to order in the next 30 days, 0..1.</param>
public sealed record SegmentResponse(string Segment, int Customers, double Expected);

/// <summary>
/// Who is likely to order in the next 30 days: a calibrated model of the shop's own past windows, judged on the newest window, which it had not seen.
/// </summary>
/// <param name="TrainWindows">Windows of 30 days it learnt from, for these figures.</param>
/// <param name="TrainRows">Customers in them, each as often as there are windows.</param>
/// <param name="TestCustomers">Customers of the newest window.</param>
/// <param name="TestShare">Share of them who ordered, 0..1.</param>
/// <param name="RocAuc">Chance that one who ordered had been given the higher chance.</param>
/// <param name="LogLoss">Of the newest window.</param>
/// <param name="ConstantLogLoss">The same if all had been given the training windows' share.</param>
/// <param name="Form">What it is made of.</param>
/// <param name="Segments">The next 30 days; by a fit that has seen the newest window too.</param>
public sealed record OrderResponse(
    int TrainWindows, int TrainRows, int TestCustomers, double TestShare, double RocAuc, double LogLoss, double ConstantLogLoss, PropensityForm Form, ResponseCalibration Calibration,
    IReadOnlyList<SegmentResponse> Segments)
{
    /// <summary>In which somebody orders, or does not.</summary>
    public const int Days = OrderWindow.Days;

    private const int FewestRows = 100;

    private const int FewestOfAKind = 10;

    /// <returns>Null: there is too little of a past to learn from and be judged by.</returns>
    internal static OrderResponse? Read(DataLake lake, DuckDBConnection connection, ShopOrders shop, CancellationToken cancel)
    {
        var windows = OrderWindow.Read(lake, connection, shop);
        List<OrderWindow> past = [.. windows.Where(w => w.Window > 1)], known = [.. windows.Where(w => w.Window > 0)];
        if (windows.FirstOrDefault(w => w.Window == 1) is not { } test || !Tells(test.Ordered) || !Tells([.. past.SelectMany(w => w.Ordered)]))
            return null;
        var context = new FitContext(1, Environment.ProcessorCount, cancel);
        var judged = Fit(past, context);
        double[] predicted = [.. Enumerable.Range(0, test.X.Rows).Select(i => judged.Score(test.X.Row(i)))], happened = [.. test.Ordered.Select(o => o ? 1.0 : 0)];
        var share = past.SelectMany(w => w.Ordered).Average(o => o ? 1.0 : 0);
        var metrics = ResponseMetrics.Of(happened, predicted, binary: true);
        var constant = ResponseMetrics.Of(happened, [.. happened.Select(_ => share)], binary: true);
        return new OrderResponse(
            past.Count, past.Sum(w => w.X.Rows), test.X.Rows, happened.Average(), metrics.RocAuc, metrics.LogLoss, constant.LogLoss, judged.Form,
            ResponseCalibration.Of(test.Ordered, predicted), Now(lake, connection, windows.First(w => w.Window == 0), Fit(known, context)));
    }

    private static bool Tells(bool[] ordered) =>
        ordered.Length >= FewestRows && ordered.Count(o => o) >= FewestOfAKind && ordered.Count(o => !o) >= FewestOfAKind;

    private static PropensityModel Fit(List<OrderWindow> windows, FitContext context)
    {
        var (x, ordered) = OrderWindow.Together(windows);
        // A customer of several windows is one: what is judged must not have been seen in another of them.
        var numbers = new Dictionary<string, int>(StringComparer.Ordinal);
        int[] rows = [.. Enumerable.Range(0, x.Rows)], customers = [.. windows.SelectMany(w => w.Customers).Select(c => numbers.TryGetValue(c, out var n) ? n : numbers[c] = numbers.Count)];
        return PropensityEstimate.Fit(x, BinnedFeatures.Of(x, rows, threads: context.Threads), ordered, customers, rows, context);
    }

    private static List<SegmentResponse> Now(DataLake lake, DuckDBConnection connection, OrderWindow now, PropensityModel model)
    {
        if (!File.Exists(lake.PathTo(CustomerFeatures.CurrentFile)))
            return [];
        var stands = connection.Query($"SELECT customer_id, c_lifecycle FROM {lake.SourceOf(CustomerFeatures.CurrentFile)}", r => (r.GetString(0), r.GetString(1)))
            .ToDictionary(r => r.Item1, r => r.Item2, StringComparer.Ordinal);
        return [.. Enumerable.Range(0, now.X.Rows).Where(i => stands.ContainsKey(now.Customers[i])).GroupBy(i => stands[now.Customers[i]])
            .Select(g => new SegmentResponse(g.Key, g.Count(), g.Average(i => model.Score(now.X.Row(i)))))];
    }
}
