using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using CampaignManager.Engine.Audiences;
using CampaignManager.Engine.Offers;
using CampaignManager.Engine.Offers.Pricing;

namespace CampaignManager.Benchmarks;

/// <summary>
/// The promotion engine beside the in-memory part of Medusa's promotion module: the same carts, 200 percentages on two categories each, some for a customer group only,
/// some by code. Both run in turns on the same machine. The peer has neither holdouts nor groups nor exclusive campaigns, so the common set has none; ours is also
/// measured with a holdout on every campaign and with the whole answer explained.
/// </summary>
internal static class PeerBenchmark
{
    private const int Campaigns = 200;
    private const double Seconds = 2;

    public static async Task RunAsync(string[] args)
    {
        var rounds = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 5;
        var carts = QuoteBenchmark.Carts();
        var plans = Enumerable.Range(0, Campaigns).Select(i => new Plan(i)).ToArray();
        await using var peer = await PeerProcess.StartAsync(JsonSerializer.Serialize(new { promotions = plans.Select(p => p.Promotion), carts = carts.Select(Context) }));
        var common = CompiledCampaigns.Of(plans.Select(p => p.Campaign));
        Agree(await peer.AskAsync<double[]>("totals"), carts, common);

        var held = CompiledCampaigns.Of(plans.Select(p => p.Campaign with { HoldoutSalt = Salt(p.Campaign.Id), HoldoutShare = 0.1 }));
        var ours = new (string Name, CompiledCampaigns Set, Explain Explain, List<Round> Rounds)[]
        {
            ("ours, the common set, explain none", common, Explain.None, []), ("ours, the common set, explain full", common, Explain.Full, []), ("ours, with holdouts, explain none", held, Explain.None, []),
        };
        foreach (var one in ours)
            QuoteBenchmark.Run(carts, one.Set, one.Explain, 1);
        List<Round> theirs = [];
        for (var i = 0; i < rounds; i++)
        {
            theirs.Add(Round.Of(await peer.AskAsync<Turn>($"run {Seconds.ToString(CultureInfo.InvariantCulture)}")));
            foreach (var one in ours)
            {
                using var self = Process.GetCurrentProcess();
                var before = self.TotalProcessorTime;
                var times = QuoteBenchmark.Run(carts, one.Set, one.Explain, Seconds / 2);
                self.Refresh();
                one.Rounds.Add(Round.Of(new Turn([.. times.Select(QuoteBenchmark.Micro)], (self.TotalProcessorTime - before).TotalMicroseconds)));
            }
        }

        Console.WriteLine("| 20 lines, 200 promotions | p50 | p99 | quotes per second of processor time | times the peer's, round by round |");
        Console.WriteLine("|---|---:|---:|---:|---|");
        Print("peer, rule check and computed actions", theirs, theirs);
        foreach (var one in ours)
            Print(one.Name, one.Rounds, theirs);
    }

    private static void Print(string name, List<Round> rounds, List<Round> peer)
    {
        var best = rounds.MaxBy(r => r.PerSecond)!;
        var times = rounds == peer ? "1" : string.Join(", ", rounds.Zip(peer).Select(r => (r.First.PerSecond / r.Second.PerSecond).ToString("0", CultureInfo.InvariantCulture)));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {name} | {rounds.Min(r => r.P50):N1} µs | {rounds.Min(r => r.P99):N1} µs | {best.PerSecond:N0} | {times} |"));
    }

    /// <summary>Both must have done the same work: what comes off differs by roundings only.</summary>
    private static void Agree(double[] theirs, Cart[] carts, CompiledCampaigns campaigns)
    {
        var worst = 0.0;
        for (var i = 0; i < carts.Length; i++)
        {
            var quote = PromotionEngine.Quote(carts[i], campaigns, Usage.None, QuoteSettings.Default, QuoteBenchmark.At);
            worst = Math.Max(worst, Math.Abs(theirs[i] - (quote.DiscountTotal / 100.0)));
        }

        if (worst > 1)
            throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture, $"The peer takes other amounts off: {worst:0.00} in the worst cart. The figures would compare nothing."));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Both take the same off all {carts.Length} carts; the largest difference is {worst:0.000}, from our rounding to the cent.\n"));
    }

    // As long as those that launching makes.
    private static string Salt(string id) => Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(id)))[..32];

    private static object Context(Cart cart) => new
    {
        codes = cart.Codes,
        context = new
        {
            currency_code = cart.Currency,
            customer = new { id = cart.CustomerId, groups = cart.Segments.Select(s => new { id = s }) },
            items = cart.Lines.Select(l => new
            {
                id = l.Id,
                quantity = l.Quantity,
                is_discountable = true,
                subtotal = l.UnitPrice * l.Quantity / 100m,
                original_total = l.UnitPrice * l.Quantity / 100m,
                product = new { id = l.Sku, categories = l.Categories.Select(c => new { id = c }) },
            }),
            shipping_methods = new[] { new { id = "s", subtotal = cart.Shipping / 100m } },
        },
    };

    /// <summary>One offer, as both write it. The peer tries the larger percentages first: so must ours.</summary>
    private sealed class Plan
    {
        public Plan(int i)
        {
            var random = new Random(i);
            string[] categories = [.. new[] { "k" + random.Next(40), "k" + random.Next(40) }.Distinct()];
            // No two percentages are equal, so that the order is the same.
            var percent = 1 + (i % 20) + (i / 20 / 100m);
            var (segment, code) = (i % 4 == 0 ? "new-customers" : null, i % 10 == 7 ? "CODE" + i : null);
            Campaign = new LiveCampaign("c" + i.ToString(CultureInfo.InvariantCulture), new CampaignRules
            {
                Offer = new PercentOff { Tiers = [new PercentTier(null, percent)] },
                Scope = new Scope { Include = new ScopeSelector { Categories = categories } },
                Audience = new Audience { AnyOf = segment is null ? [] : [segment] },
                Combining = new Combining { Priority = (int)(percent * 100) },
                Trigger = new Trigger { Code = code },
            });
            Promotion = new
            {
                code = code ?? Campaign.Id,
                type = "standard",
                is_automatic = code is null,
                is_tax_inclusive = false,
                rules = segment is null ? [] : new[] { Rule("customer.groups.id", segment) },
                application_method = new { type = "percentage", target_type = "items", allocation = "across", currency_code = "CNY", value = percent, target_rules = new[] { Rule("items.product.categories.id", categories) } },
            };
        }

        public LiveCampaign Campaign { get; }

        public object Promotion { get; }

        private static object Rule(string attribute, params string[] values) => new { attribute, @operator = "in", values = values.Select(v => new { value = v }) };
    }

    /// <param name="Times">Microseconds of every quote of one turn.</param>
    /// <param name="Cpu">Microseconds of processor time the whole process took for them, collecting garbage too: neighbours do not count into it.</param>
    private sealed record Turn([property: JsonPropertyName("times")] double[] Times, [property: JsonPropertyName("cpu")] double Cpu);

    private sealed record Round(double PerSecond, double P50, double P99)
    {
        public static Round Of(Turn turn)
        {
            var sorted = turn.Times.Order().ToArray();
            return new Round(sorted.Length * 1e6 / turn.Cpu, sorted[sorted.Length / 2], sorted[sorted.Length * 99 / 100]);
        }
    }
}
