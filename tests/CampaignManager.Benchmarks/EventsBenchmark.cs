using System.Globalization;
using System.Text;
using CampaignManager.Application.Accounts;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;

namespace CampaignManager.Benchmarks;

/// <summary>
/// Events over HTTP on SQLite as shipped, on the disk before each answer: the app in one process, this one sends over kept-alive connections. Nothing is switched off: ids are
/// looked up, and the job takes the buffer into the lake meanwhile.
/// </summary>
internal static class EventsBenchmark
{
    /// <summary>Until the loops are compiled for good: a server has done that long before.</summary>
    private const double WarmSeconds = 15;

    private const int IdDigits = 10;

    private static readonly (int Batch, int Connections)[] All = [(1, 64), (100, 8), (500, 4), (1000, 4)];

    private static int next;

    public static async Task RunAsync(string[] args)
    {
        var rounds = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 3;
        var seconds = args.Length > 1 ? double.Parse(args[1], CultureInfo.InvariantCulture) : 5;
        var shapes = All.Where(s => args.Length < 3 || args.Skip(2).Contains(s.Batch.ToString(CultureInfo.InvariantCulture))).ToList();
        await using var host = await HttpHost.StartAsync();
        var key = (await new ApiKeyService(host, TimeProvider.System, NullLogger<ApiKeyService>.Instance)
            .CreateAsync(new NewApiKey("bench", [Scopes.Data]), Actor.System, default)).Value.Key;
        long sent = 0;
        foreach (var (batch, connections) in shapes)
            sent += (await LoadAsync(host, key, batch, connections, WarmSeconds)).Count * (long)batch;
        Console.WriteLine("| events in a call | connections | events per second, by rounds | calls per second | processor time of the server for an event | p50 | p99 |");
        Console.WriteLine("|---:|---:|---|---:|---:|---:|---:|");
        foreach (var (batch, connections) in shapes)
        {
            List<HttpLoad> turns = [];
            for (var i = 0; i < rounds; i++)
                turns.Add(await LoadAsync(host, key, batch, connections, seconds));
            sent += turns.Sum(t => t.Count * (long)batch);
            var best = turns.MaxBy(t => t.PerSecond)!;
            // Of all rounds together: the job runs in some of them.
            var cpu = turns.Sum(t => t.Cpu * t.Count) / turns.Sum(t => t.Count) / batch;
            var rates = string.Join(", ", turns.Select(t => (t.PerSecond * batch).ToString("N0", CultureInfo.InvariantCulture)));
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"| {batch:N0} | {connections} | {rates} | {best.PerSecond:N0} | {cpu:N1} µs | {best.P50:N1} ms | {best.P99:N1} ms |"));
        }

        var known = await KnownAsync(host.Folder);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"\n{sent:N0} events were answered as accepted, {known:N0} are known.\n"));
    }

    private static Task<HttpLoad> LoadAsync(HttpHost host, string key, int batch, int connections, double seconds)
    {
        var (template, ids) = Template(key, batch);
        return host.LoadAsync(_ => Fill(template, ids), connections, seconds);
    }

    /// <summary>A call with room for its ids, and where that is: putting texts together would take the cores from the server.</summary>
    private static (byte[] Call, int[] Ids) Template(string key, int batch)
    {
        var mark = new string('#', IdDigits);
        var body = "[" + string.Join(",", Enumerable.Range(0, batch).Select(i => string.Create(CultureInfo.InvariantCulture,
            $$"""{"eventId":"e-{{mark}}","type":"view","customerId":"C-{{(i * 7919) % 100_000}}","sku":"S-{{i % 5_000}}","at":"2026-11-01T18:{{i % 60:00}}:00+08:00"}"""))) + "]";
        var call = Encoding.ASCII.GetBytes(
            $"POST /api/v1/events HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {key}\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\n\r\n{body}");
        List<int> ids = [];
        for (var at = 0; call.AsSpan(at).IndexOf(Encoding.ASCII.GetBytes(mark)) is >= 0 and var found; at += found + IdDigits)
            ids.Add(at + found);
        return (call, [.. ids]);
    }

    private static byte[] Fill(byte[] template, int[] ids)
    {
        var call = template.AsSpan().ToArray();
        var first = Interlocked.Add(ref next, ids.Length) - ids.Length;
        for (var i = 0; i < ids.Length; i++)
            (first + i).TryFormat(call.AsSpan(ids[i], IdDigits), out _, "D10", CultureInfo.InvariantCulture);
        return call;
    }

    private static async Task<long> KnownAsync(string folder)
    {
        await using var connection = new SqliteConnection($"Data Source={Path.Combine(folder, "events-buffer.db")};Mode=ReadOnly");
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = "SELECT count(*) FROM event_ids";
        return (long)(await command.ExecuteScalarAsync())!;
    }
}
