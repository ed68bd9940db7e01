using System.Globalization;
using CampaignManager.Application.Planning;
using CampaignManager.Application.Tests.Planning;
using CampaignManager.Engine.Offers;
using CampaignManager.Engine.Planning;

namespace CampaignManager.Benchmarks;

/// <summary>The planner against the written truth of ten demo shops: do its intervals hold, does it rank segments, does it widen where that earns money and only there?</summary>
internal static class CoverageBenchmark
{
    /// <summary>So many that an oracle could tell the segments apart: on 20,000 its own half-width is a point, and the favourites' spread half of that.</summary>
    private const int Customers = 60_000;

    private static readonly CampaignRules StoreWide = new() { Offer = new FullReduction { Tiers = [new SpendTier(200, 30)] } };

    public static async Task RunAsync(string[] args)
    {
        var seeds = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 10;
        var customers = args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : Customers;
        var losing = args.Length > 2 ? int.Parse(args[2], CultureInfo.InvariantCulture) : seeds;
        Console.WriteLine($"Demo shops of {customers:N0} customers. Segments: 200-30 storewide. Suggestions: draft for new customers on shoes, 200-30.");
        Console.WriteLine();
        Console.WriteLine("| seed | truths in the 90 % intervals | width / oracle's | rank correlation | widening proposed (gain [interval]) | its true gain | shop where widening loses: proposed |");
        Console.WriteLine("|---:|---:|---:|---:|---|---:|---|");
        List<SegmentCheck> all = [];
        List<(double Width, double Correlation)> shops = [];
        for (var seed = 1; seed <= seeds; seed++)
        {
            await using var shop = await PlannedShop.OpenAsync(customers, seed);
            var checks = await shop.CheckAsync(StoreWide);
            all.AddRange(checks);
            shops.Add((checks.Average(c => c.Half) / checks.Average(c => c.OracleHalf), SegmentCheck.RankCorrelation(checks)));
            var widening = await WideningAsync(shop);
            var gain = widening is null ? "" : Money(shop.TrueNet(widening.Move.After) - shop.TrueNet(PlannedShop.NewCustomersShoes));
            var loss = seed <= losing ? await LosingAsync(customers, seed) : "";
            Console.WriteLine(FormattableString.Invariant(
                $"| {seed} | {checks.Count(c => c.Covers)} of {checks.Count} | {shops[^1].Width:0.00} | {shops[^1].Correlation:0.00} | {Text(widening)} | {gain} | {loss} |"));
        }

        Console.WriteLine(FormattableString.Invariant(
            $"| all | {all.Count(c => c.Covers) / (double)all.Count:0.0 %} | {shops.Average(s => s.Width):0.00} | {shops.Average(s => s.Correlation):0.00} | | | |"));

        var correlation = shops.Average(s => s.Correlation);
        var covered = all.Count(c => c.Covers) / (double)all.Count;
        var width = shops.Average(s => s.Width);
        Console.WriteLine();
        Console.WriteLine($"Rank correlation at least 0.8 on average: {Met(correlation >= 0.8)}. 80 to 97 % of the truths covered: {Met(covered is >= 0.8 and <= 0.97)}. At most three times as wide as the oracle's: {Met(width <= 3)}.");
    }

    private static string Met(bool met) => met ? "met" : "missed";

    private static async Task<string> LosingAsync(int customers, int seed)
    {
        await using var shop = await PlannedShop.OpenAsync(customers, seed, Application.Demo.ResponseShape.WideningLoses);
        return Text(await WideningAsync(shop));
    }

    private static async Task<SuggestionView?> WideningAsync(PlannedShop shop)
    {
        var list = await shop.DraftAsync();
        return list.List.Open.FirstOrDefault(s => s.Move is { Kind: MoveKind.WidenScope, Segment: "new" });
    }

    private static string Text(SuggestionView? s) => s is null ? "nothing" : $"{string.Join(", ", s.Move.Categories)}: {Money(s.Delta)} [{Money(s.Low)} .. {Money(s.High)}]";

    private static string Money(double value) => value.ToString("+#,0;−#,0;0", CultureInfo.InvariantCulture);
}
