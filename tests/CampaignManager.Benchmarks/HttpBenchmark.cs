using System.Globalization;
using System.Text;
using System.Text.Json;
using CampaignManager.Application.Accounts;
using CampaignManager.Application.Offers;
using CampaignManager.Engine.Offers.Pricing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging.Abstractions;

namespace CampaignManager.Benchmarks;

/// <summary>
/// The checkout over HTTP on SQLite as shipped: the app in one process, this one asks it over kept-alive connections. Beside <c>POST /offers/quote</c> stands an endpoint of the
/// same host, outside of keys and limits, which only parses the same cart and answers an empty quote; both are asked in turns.
/// </summary>
internal static class HttpBenchmark
{
    private const int Connections = 16;
    private const int Shoppers = 64;
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { DefaultIgnoreCondition = System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingNull };

    public static async Task RunAsync(string[] args)
    {
        var rounds = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 3;
        var seconds = args.Length > 1 ? double.Parse(args[1], CultureInfo.InvariantCulture) : 5;
        if (args.Length > 2 && args[2] == "redemptions")
        {
            await RedemptionsAsync(rounds, seconds);
            return;
        }

        var carts = QuoteBenchmark.Carts();
        await QuotesAsync("200 live campaigns, 20 lines, 16 connections:", QuoteBenchmark.Mixed(), carts, rounds, seconds);
        await QuotesAsync("The same, 20 of the campaigns with a budget and uses per customer:", [.. QuoteBenchmark.Mixed().Select((c, i) => i < 20 ? LiveSet.Limited(c) : c)], carts, rounds, seconds);
        if (args.Length <= 2 || args[2] != "quotes")
            await RedemptionsAsync(rounds, seconds);
    }

    private static async Task QuotesAsync(string title, LiveCampaign[] campaigns, Cart[] carts, int rounds, double seconds)
    {
        await using var host = await HttpHost.StartAsync();
        var key = await SeedAsync(host, campaigns);
        byte[][] Requests(string path) => [.. carts.Select(c => Request(path, key, new { cart = Input(c), explain = "none" }))];
        var (empty, quote) = (Requests(HttpBaseline.Path), Requests("/api/v1/offers/quote"));
        // Long enough for the runtime to have compiled what is hot for good.
        await host.LoadAsync(i => empty[i % empty.Length], Connections, 8);
        await host.LoadAsync(i => quote[i % quote.Length], Connections, 12);
        List<(HttpLoad Empty, HttpLoad Quote)> turns = [];
        for (var i = 0; i < rounds; i++)
            turns.Add((await host.LoadAsync(n => empty[n % empty.Length], Connections, seconds), await host.LoadAsync(n => quote[n % quote.Length], Connections, seconds)));
        Console.WriteLine(title + "\n");
        Console.WriteLine("| | requests per second | processor time of the server | p50 | p99 | bytes sent | bytes answered | part of the empty one, by rounds |");
        Console.WriteLine("|---|---:|---:|---:|---:|---:|---:|---|");
        Print("parses the cart, answers an empty quote", [.. turns.Select(t => t.Empty)], "");
        Print("`POST /offers/quote`, explain none", [.. turns.Select(t => t.Quote)], string.Join(", ", turns.Select(t => (t.Quote.PerSecond / t.Empty.PerSecond).ToString("0.00", CultureInfo.InvariantCulture))));
        Console.WriteLine();
    }

    /// <summary>Orders of three lines that each have a campaign of their own; all 200 campaigns count uses and hold a budget.</summary>
    private static async Task RedemptionsAsync(int rounds, double seconds)
    {
        await using var host = await HttpHost.StartAsync();
        var key = await SeedAsync(host, LiveSet.OneBrandEach());
        var order = 0;
        byte[] Next(int n, bool once)
        {
            var number = Interlocked.Increment(ref order);
            return Request("/api/v1/redemptions", key, new { cart = Input(LiveSet.SmallCart(n)), orderId = $"o-{number}", explain = "none" }, once ? $"k-{number}" : null);
        }

        await host.LoadAsync(n => Next(n, false), Shoppers, 15);
        Console.WriteLine($"Orders of 3 lines to which 3 of 200 live campaigns apply, each with a budget and limits per customer and day, {Shoppers} connections:\n");
        Console.WriteLine("| | redemptions per second | processor time of the server | p50 | p99 | bytes sent | bytes answered | |");
        Console.WriteLine("|---|---:|---:|---:|---:|---:|---:|---|");
        foreach (var once in new[] { false, true })
        {
            List<HttpLoad> turns = [];
            for (var i = 0; i < rounds; i++)
                turns.Add(await host.LoadAsync(n => Next(n, once), Shoppers, seconds));
            Print($"`POST /redemptions`{(once ? " with an Idempotency-Key" : "")}", turns, "");
        }

        await using var context = host.CreateDbContext();
        var (stored, parts) = (await context.Redemptions.CountAsync(), await context.RedemptionCampaigns.CountAsync());
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"\n{stored:N0} redemptions are stored, with {(double)parts / stored:0.0} campaigns each.\n"));
    }

    private static void Print(string name, List<HttpLoad> turns, string note)
    {
        var best = turns.MaxBy(t => t.PerSecond)!;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {name} | {best.PerSecond:N0} | {turns.Min(t => t.Cpu):N0} µs | {best.P50:N2} ms | {best.P99:N2} ms | {best.Sent:N0} | {best.Received:N0} | {note} |"));
    }

    private static async Task<string> SeedAsync(HttpHost host, LiveCampaign[] campaigns)
    {
        await using var context = host.CreateDbContext();
        await LiveSet.SeedAsync(context, campaigns);
        return (await new ApiKeyService(host, TimeProvider.System, NullLogger<ApiKeyService>.Instance).CreateAsync(new NewApiKey("bench", [Scopes.Offers]), Actor.System, default)).Value.Key;
    }

    private static byte[] Request(string path, string key, object body, string? once = null)
    {
        var json = JsonSerializer.SerializeToUtf8Bytes(body, Json);
        var head = $"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {key}\r\nContent-Type: application/json\r\nContent-Length: {json.Length}\r\n{(once is null ? "" : $"Idempotency-Key: {once}\r\n")}\r\n";
        return [.. Encoding.ASCII.GetBytes(head), .. json];
    }

    private static object Input(Cart cart) => new
    {
        currency = cart.Currency,
        customer = new { id = cart.CustomerId, segments = cart.Segments, isNew = cart.IsNew },
        codes = cart.Codes,
        shipping = cart.Shipping / 100m,
        lines = cart.Lines.Select(l => new { id = l.Id, sku = l.Sku, categories = l.Categories, brand = l.Brand, tags = l.Tags, quantity = l.Quantity, unitPrice = l.UnitPrice / 100m, taxRate = l.TaxRate }),
    };
}
