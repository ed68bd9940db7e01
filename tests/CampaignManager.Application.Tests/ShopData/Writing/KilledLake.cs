using System.Globalization;
using System.Text;
using CampaignManager.Application.Lake;
using CampaignManager.Application.ShopData;
using CampaignManager.Application.ShopData.Reading;
using CampaignManager.Application.ShopData.Sources;
using CampaignManager.Application.ShopData.Templates;
using CampaignManager.Application.ShopData.Writing;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace CampaignManager.Application.Tests.ShopData.Writing;

/// <summary>
/// A long history of a lake, the same in every process: step by step a file of orders comes in, small files are merged, an import is taken back. What was begun and done stands in a
/// journal, so that whoever comes after a dead process knows where it was.
/// </summary>
internal sealed class KilledLake(string folder)
{
    private const int Orders = 25, Known = 120;

    private static readonly DateTime Start = new(2026, 1, 10, 12, 0, 0, DateTimeKind.Utc);

    public enum Work { Import, Compact, Undo }

    public DataLake Lake { get; } = new(Options.Create(new LakeOptions { Path = Path.Combine(folder, "lake"), Buckets = 2, Threads = 1 }), TimeProvider.System);

    private string Journal => Path.Combine(folder, "journal");

    /// <summary>Steps that were begun, and how many of them ended.</summary>
    public (int Begun, int Done) Read()
    {
        var lines = File.Exists(Journal) ? File.ReadAllLines(Journal) : [];
        return (lines.Count(l => l == "begun"), lines.Count(l => l == "done"));
    }

    public static Work WorkOf(int step) => (step % 5) switch { 3 => Work.Compact, 4 => Work.Undo, _ => Work.Import };

    /// <summary>Does a step; done before, it changes nothing.</summary>
    public async Task DoAsync(int step, CancellationToken cancel)
    {
        var writer = new ShopWriter(Lake, TimeProvider.System) { PartRows = 50 };
        switch (WorkOf(step))
        {
            case Work.Compact: await new LakeCompaction(Lake, TimeProvider.System).RunAsync(cancel); break;
            case Work.Undo: await writer.UndoAsync(IdOf(Undone(step)), cancel); break;
            case Work.Import: await ImportAsync(writer, step, cancel); break;
            default: throw new InvalidOperationException();
        }
    }

    public void Begin(int step)
    {
        if (Read().Begun == step)
            File.AppendAllLines(Journal, ["begun"]);
    }

    public void End() => File.AppendAllLines(Journal, ["done"]);

    /// <summary>What the lake says after so many steps, as its imports alone say it.</summary>
    public static List<string> Expected(int steps)
    {
        var imports = Enumerable.Range(0, steps).Where(s => WorkOf(s) == Work.Import).ToHashSet();
        imports.ExceptWith(Enumerable.Range(0, steps).Where(s => WorkOf(s) == Work.Undo).Select(Undone));
        var now = new Dictionary<int, string>();
        foreach (var step in imports.Order())
        {
            foreach (var order in OrdersOf(step))
                now[order] = string.Create(CultureInfo.InvariantCulture, $"O{order}|{CustomerOf(step, order)}|{Price(step) + 500}|A={Price(step)}, B=500");
        }

        return [.. now.Values.Order(StringComparer.Ordinal)];
    }

    /// <summary>The same as the lake reads.</summary>
    public List<string> Found()
    {
        using var connection = Lake.Open();
        return connection.Query(
            $"""
            SELECT o.order_id || '|' || o.customer_id || '|' || o.total_minor || '|' || string_agg(l.sku || '=' || l.unit_price_minor, ', ' ORDER BY l.sku)
            FROM {Lake.Source(LakeTable.Orders)} o JOIN {Lake.Source(LakeTable.OrderLines)} l USING (source, order_id) GROUP BY o.order_id, o.customer_id, o.total_minor ORDER BY 1
            """,
            r => r.GetString(0));
    }

    /// <summary>Files under the lake that nothing names: what a dead process could have left.</summary>
    public List<string> Strangers()
    {
        var catalogue = Lake.Catalogue();
        string[] named = [LakeCatalogue.FileName, ".staging/catalogue.lock", .. catalogue.Files.Select(f => f.Path), .. catalogue.Imports.Select(i => i.Claims).OfType<string>(),
            .. catalogue.Dropped.Select(d => d.Path)];
        return [.. Directory.GetFiles(Lake.Root, "*", SearchOption.AllDirectories).Select(f => Path.GetRelativePath(Lake.Root, f)).Except(named)
            // Held by this process for as long as it lives.
            .Where(f => !f.StartsWith(".staging/spill-", StringComparison.Ordinal))];
    }

    private async Task ImportAsync(ShopWriter writer, int step, CancellationToken cancel)
    {
        var path = Path.Combine(folder, "orders.csv");
        await File.WriteAllTextAsync(path, Csv(step), cancel);
        var options = new ReadingOptions("UTC", "EUR", false, new Dictionary<string, string>()) { Keys = new ExpectedFiles.PlainKeys(), Time = new FakeTimeProvider(Start.AddDays(1)) };
        var file = RowSources.Open(path, "orders.csv", new SourceOptions(), cancel);
        var planned = ShopFiles.Plan(TemplateKinds.Orders, null, new TemplateBook(), [file], options, cancel);
        Assert.Empty(planned.Plan.Questions);
        var rejects = new AWriter.Heard();
        await writer.WriteAsync(new ImportSource(IdOf(step), "shop", Start.AddMinutes(step)), planned.Plan.Read(new Figures(), rejects, cancel), rejects, null, cancel);
        Assert.Empty(rejects.Rows);
    }

    private static string Csv(int step)
    {
        var csv = new StringBuilder("order_id,order_date,customer_id,total,sku,quantity,unit_price\n");
        foreach (var order in OrdersOf(step))
        {
            var (day, price) = (Start.AddDays(-(order)), Price(step) / 100m);
            csv.Append(CultureInfo.InvariantCulture, $"O{order},{day:yyyy-MM-dd HH:mm:ss},{CustomerOf(step, order)},{price + 5:0.00},A,1,{price:0.00}\n");
            csv.Append(CultureInfo.InvariantCulture, $"O{order},{day:yyyy-MM-dd HH:mm:ss},{CustomerOf(step, order)},{price + 5:0.00},B,1,5.00\n");
        }

        return csv.ToString();
    }

    private static IEnumerable<int> OrdersOf(int step)
    {
        var random = new Random(step);
        return Enumerable.Range(0, Orders).Select(_ => random.Next(Known)).Distinct().Order();
    }

    // A price of its own an import: whose version is read shows, and none is said twice. Some orders turn out to be another customer's, in another bucket.
    private static int Price(int step) => 1_000 + step;

    private static string CustomerOf(int step, int order) => string.Create(CultureInfo.InvariantCulture, $"C{(order + (step % 3)) % 50}");

    /// <summary>The import that such a step takes back: the last or the one before.</summary>
    private static int Undone(int step) => step - 2 - (step / 5 % 2);

    private static Guid IdOf(int step) => new(step + 1, 0, 0, new byte[8]);
}
