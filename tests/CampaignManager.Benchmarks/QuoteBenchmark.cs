using System.Diagnostics;
using System.Globalization;
using CampaignManager.Engine.Audiences;
using CampaignManager.Engine.Offers;
using CampaignManager.Engine.Offers.Pricing;

namespace CampaignManager.Benchmarks;

/// <summary>The promotion engine in process: a cart of 20 lines against 200 live campaigns, of which each covers some of 40 categories.</summary>
internal static class QuoteBenchmark
{
    private const int Campaigns = 200;
    private const int Lines = 20;
    private const int CartCount = 500;

    public static readonly DateTime At = new(2026, 11, 11, 4, 0, 0, DateTimeKind.Utc);

    public static async Task RunAsync(string[] args)
    {
        var seconds = args.Length > 0 ? double.Parse(args[0], CultureInfo.InvariantCulture) : 3;
        var carts = Carts();
        // On a machine that others use too, each cart's best run is what the code itself takes.
        Console.WriteLine("| campaigns | explain | p50 | p99 | p99 of carts, each at its best | quotes per second, one core | allocated per quote | campaigns applied |");
        Console.WriteLine("|---|---|---:|---:|---:|---:|---:|---:|");
        foreach (var (name, campaigns) in new[] { ("200 scoped, mixed mechanics", Mixed()), ("200 scoped percentages", Percentages()) })
        {
            var compiled = CompiledCampaigns.Of(campaigns);
            foreach (var explain in Enum.GetValues<Explain>())
                Measure(name, compiled, carts, explain, seconds);
        }

        var sets = CompiledCampaigns.Of(Sets());
        Cart[] fives = [.. carts.Select(c => c with { Lines = [.. c.Lines.Select(l => l with { Quantity = 5 })] })];
        foreach (var explain in Enum.GetValues<Explain>())
            Measure("20 of sets, overlapping, 20 lines x 5 units", sets, fives, explain, seconds);
        await LiveSet.MeasureAsync();
    }

    /// <summary>Ten of buy-and-get and ten bundles, for everybody, on scopes that overlap: any unit may serve in most of them.</summary>
    private static LiveCampaign[] Sets() => [.. Enumerable.Range(0, 20).Select(i =>
    {
        GoodsScope From(int first) => new() { Include = new ScopeSelector { Categories = [.. Enumerable.Range(first, 20).Select(k => "k" + (k % 40))] } };
        Offer offer = i % 2 == 0
            ? new BuyXGetY { Buy = new BuyPart(2, From(i)), Get = new GetPart(1, From(i + 10), 50), MaxTimes = 2 }
            : new Bundle { Items = [new BundleItem(From(i), 1), new BundleItem(From(i + 5), 1), new BundleItem(From(i + 15), 1)], Price = 199, MaxTimes = 2 };
        return new LiveCampaign("s" + i.ToString("00", CultureInfo.InvariantCulture), new CampaignRules { Offer = offer, Combining = new Combining { Priority = i % 5 } });
    })];

    private static void Measure(string name, CompiledCampaigns campaigns, Cart[] carts, Explain explain, double seconds)
    {
        var settings = new QuoteSettings { Explain = explain };
        for (var warm = Stopwatch.StartNew(); warm.Elapsed.TotalSeconds < 1.5;)
        {
            foreach (var cart in carts)
                PromotionEngine.Quote(cart, campaigns, Usage.None, settings, At);
        }

        var times = new List<long>(1 << 20);
        var best = new long[carts.Length];
        Array.Fill(best, long.MaxValue);
        long applied = 0;
        var allocated = GC.GetAllocatedBytesForCurrentThread();
        var watch = Stopwatch.StartNew();
        for (var i = 0; (watch.Elapsed.TotalSeconds < seconds && times.Count < 1 << 20) || i < 5 * carts.Length; i++)
        {
            var from = Stopwatch.GetTimestamp();
            PromotionEngine.Quote(carts[i % carts.Length], campaigns, Usage.None, settings, At);
            var took = Stopwatch.GetTimestamp() - from;
            times.Add(took);
            best[i % carts.Length] = Math.Min(best[i % carts.Length], took);
        }

        var elapsed = watch.Elapsed.TotalSeconds;
        allocated = GC.GetAllocatedBytesForCurrentThread() - allocated;
        foreach (var cart in carts)
            applied += PromotionEngine.Quote(cart, campaigns, Usage.None, settings, At).Campaigns.Count(c => c.Applied);
        var count = times.Count;
        times.Sort();
        Array.Sort(best);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"| {name} | {explain.ToString().ToLowerInvariant()} | {Micro(times[count / 2]):0.0} µs | {Micro(times[count * 99 / 100]):0.0} µs | {Micro(best[best.Length * 99 / 100]):0.0} µs | {count / elapsed:N0} | {(double)allocated / count / 1024:0.0} KB | {(double)applied / carts.Length:0.0} |"));
    }

    public static Cart[] Carts() => [.. Enumerable.Range(0, CartCount).Select(i => Cart(new Random(i)))];

    /// <summary>Prices the carts in turn for so long.</summary>
    /// <returns>Ticks of each quote.</returns>
    public static List<long> Run(Cart[] carts, CompiledCampaigns campaigns, Explain explain, double seconds)
    {
        var settings = new QuoteSettings { Explain = explain };
        List<long> times = new(1 << 18);
        var watch = Stopwatch.StartNew();
        for (var i = 0; watch.Elapsed.TotalSeconds < seconds; i++)
        {
            var from = Stopwatch.GetTimestamp();
            PromotionEngine.Quote(carts[i % carts.Length], campaigns, Usage.None, settings, At);
            times.Add(Stopwatch.GetTimestamp() - from);
        }

        return times;
    }

    public static double Micro(long ticks) => ticks * 1e6 / Stopwatch.Frequency;

    private static Cart Cart(Random random) => new()
    {
        Currency = "CNY",
        Shipping = 10_00,
        CustomerId = "u" + random.Next(100_000),
        Segments = random.Next(2) == 0 ? ["new-customers"] : ["regulars"],
        IsNew = random.Next(2) == 0,
        Codes = random.Next(4) == 0 ? ["CODE7"] : [],
        Lines =
        [
            .. Enumerable.Range(0, Lines).Select(i => new CartLine
            {
                Id = "l" + i,
                Sku = "S-" + random.Next(5000),
                Categories = ["k" + random.Next(40)],
                Brand = "b" + random.Next(100),
                Tags = random.Next(3) == 0 ? ["sale"] : [],
                Quantity = 1 + random.Next(3),
                UnitPrice = random.Next(5_00, 300_00),
                TaxRate = 13,
            }),
        ],
    };

    private static LiveCampaign[] Percentages() =>
        [.. Enumerable.Range(0, Campaigns).Select(i => Campaign(i, new PercentOff { Tiers = [new PercentTier(null, 1 + (i % 20))] }, new Random(i)))];

    public static LiveCampaign[] Mixed() => [.. Enumerable.Range(0, Campaigns).Select(i =>
    {
        var random = new Random(i);
        Offer offer = (i % 10) switch
        {
            0 or 1 => new FullReduction { Tiers = [new SpendTier(200, 30), new SpendTier(400, 80)] },
            2 => new FullReduction { Every = 150, Off = 20, MaxTimes = 3 },
            3 => new PercentOff { Tiers = [new PercentTier(100, 10.5m)], Cap = 50 },
            4 => new QuantityDiscount { Tiers = [new QuantityTier(2, 10), new QuantityTier(3, 20)] },
            5 => new AmountOff { Amount = 5, Per = AmountPer.Unit, MaxUnits = 2 },
            6 => new FixedPrice { Price = 99 },
            7 => new BuyXGetY { Buy = new BuyPart(2), Get = new GetPart(1) },
            8 => new Bundle { Items = [new BundleItem(null, 3)], Price = 199 },
            _ => new Gift { Tiers = [new GiftTier("CUP", 1, Spend: 300)] },
        };
        return Campaign(i, offer, random);
    })];

    /// <summary>Each covers two of forty categories; some are for some customers only, in groups, by code or alone.</summary>
    private static LiveCampaign Campaign(int i, Offer offer, Random random) => new("c" + i.ToString(CultureInfo.InvariantCulture), new CampaignRules
    {
        Offer = offer,
        Scope = new Scope { Include = new ScopeSelector { Categories = ["k" + random.Next(40), "k" + random.Next(40)] } },
        Audience = new Audience { AnyOf = i % 4 == 0 ? ["new-customers"] : [] },
        Combining = new Combining { Priority = random.Next(5), Group = i % 8 == 0 ? "g" + (i % 24) : null, Exclusive = i % 50 == 49 },
        Trigger = new Trigger { Code = i % 10 == 7 ? "CODE" + i : null },
    })
    { HoldoutSalt = "salt" + i, HoldoutShare = 0.1 };
}
