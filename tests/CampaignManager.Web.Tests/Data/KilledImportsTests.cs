using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using CampaignManager.Application.Accounts;
using CampaignManager.Application.Data;
using CampaignManager.Application.Jobs;
using CampaignManager.Application.Lake;
using CampaignManager.Web.Tests.Hosting;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace CampaignManager.Web.Tests.Data;

/// <summary>The app as a process, killed while it brings in orders and while it takes them back: each export is there whole or not at all, and once.</summary>
public sealed class KilledImportsTests : IDbContextFactory<AppDbContext>, IDisposable
{
    private const int Orders = 3_000;

    private const string ImportJobKind = "import-shop-files";

    private readonly string folder = Directory.CreateTempSubdirectory("cm-killed-imports-").FullName;

    private DatabaseOptions Database => new() { Path = Path.Combine(folder, "app.db") };

    private DataLake Lake => new(Options.Create(new LakeOptions { Path = Path.Combine(folder, "lake"), Buckets = 2 }), TimeProvider.System);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Kill_AtAnyMomentOfAnImport_ItEndsWholeAndOnceAfterTheNextStart()
    {
        Func<Guid, Task<bool>>[] moments =
        [
            async id => await RunAsync(id) is { State: JobState.Running },
            _ => Task.FromResult(IsWriting),
            // Its rows are seen, and its report is not written yet.
            id => Task.FromResult(Lake.Catalogue().Import(id) is not null),
        ];
        var (key, import) = ("", Guid.Empty);
        for (var export = 1; export <= moments.Length + 1; export++)
        {
            await using var app = await StartAsync(key);
            key = app.Client.DefaultRequestHeaders.Authorization!.Parameter!;
            if (export > 1)
            {
                // An order and its two lines.
                Assert.Equal(3 * (Orders + export - 1), (await EndedAsync(app.Client, import, "succeeded")).GetProperty("written").GetInt64());
                Assert.Equal(Told(export - 1), Found());
            }

            if (export <= moments.Length)
            {
                import = await PostAsync(app.Client, Export(export));
                await UntilAsync(() => moments[export - 1](import));
                await app.KillAsync();
                Assert.Contains(Found(), (IEnumerable<(long, long, long, long)>)[Told(export - 1), Told(export)]);
            }
            else
            {
                (await app.Client.PostAsync($"/api/v1/imports/{import}/undo", null, Stop)).EnsureSuccessStatusCode();
                await UntilAsync(() => Task.FromResult(IsWriting || Found() == Told(moments.Length - 1)));
            }
        }

        await using var last = await StartAsync(key);
        await EndedAsync(last.Client, import, "undone");
        Assert.Equal(Told(moments.Length - 1), Found());
        var again = await PostAsync(last.Client, Export(moments.Length - 1));
        Assert.Equal(0, (await EndedAsync(last.Client, again, "succeeded")).GetProperty("written").GetInt64());
        Assert.Equal(Told(moments.Length - 1), Found());
    }

    // Every export corrects all orders of the one before and brings one more.
    private static string Export(int number)
    {
        var csv = new StringBuilder("order_id,order_date,customer_id,sku,quantity,unit_price,total,currency\n");
        for (var i = 0; i < Orders + number; i++)
        {
            var at = new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc).AddMinutes(i % 200_000);
            foreach (var sku in (string[])["A", "B"])
                csv.Append(CultureInfo.InvariantCulture, $"O-{i},{at:yyyy-MM-ddTHH:mm:ssZ},C-{i % 900},{sku},1,{number}.00,{2 * number}.00,EUR\n");
        }

        return csv.ToString();
    }

    /// <summary>Orders, different ones, their totals together, lines.</summary>
    private static (long, long, long, long) Told(int export)
    {
        long orders = export == 0 ? 0 : Orders + export;
        return (orders, orders, orders * 200 * export, 2 * orders);
    }

    private (long, long, long, long) Found()
    {
        using var connection = Lake.Open(1);
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // Made here of constants alone.
        command.CommandText = $"""
            SELECT count(*), count(DISTINCT order_id), coalesce(sum(total_minor), 0)::BIGINT, (SELECT count(*) FROM {Lake.Source(LakeTable.OrderLines)})
            FROM {Lake.Source(LakeTable.Orders)}
            """;
#pragma warning restore CA2100
        using var reader = command.ExecuteReader();
        Assert.True(reader.Read());
        return (reader.GetInt64(0), reader.GetInt64(1), reader.GetInt64(2), reader.GetInt64(3));
    }

    private bool IsWriting => Directory.Exists(Path.Combine(folder, "lake"))
        && Directory.EnumerateDirectories(Path.Combine(folder, "lake"), "work-*", SearchOption.AllDirectories).Any();

    private async Task<AppProcess> StartAsync(string key)
    {
        var app = new AppProcess(Database, folder, "--Lake:Buckets", "2");
        await app.StartAsync();
        app.Client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key == "" ? await KeyAsync() : key);
        return app;
    }

    private static async Task<Guid> PostAsync(HttpClient client, string csv)
    {
        using var form = new MultipartFormDataContent { { new StringContent("orders"), "kind" }, { new StringContent("plain"), "template" } };
        form.Add(new ByteArrayContent(Encoding.UTF8.GetBytes(csv)), "file", "orders.csv");
        using var answer = await client.PostAsync("/api/v1/imports", form, Stop);
        return (await answer.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<JsonElement>(Stop)).GetProperty("id").GetGuid();
    }

    private static async Task<JsonElement> EndedAsync(HttpClient client, Guid import, string state)
    {
        JsonElement found = default;
        await UntilAsync(async () =>
        {
            found = await client.GetFromJsonAsync<JsonElement>($"/api/v1/imports/{import}", Stop);
            Assert.NotEqual("failed", found.GetProperty("state").GetString());
            return found.GetProperty("state").GetString() == state;
        });
        return found;
    }

    private static async Task UntilAsync(Func<Task<bool>> reached)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(2));
        var patience = TimeProvider.System.GetTimestamp();
        while (!await reached())
        {
            Assert.True(TimeProvider.System.GetElapsedTime(patience) < TimeSpan.FromMinutes(4), "The app never came so far.");
            await timer.WaitForNextTickAsync(Stop);
        }
    }

    private async Task<JobRun?> RunAsync(Guid import)
    {
        await using var context = CreateDbContext();
        return await context.JobRuns.AsNoTracking().SingleOrDefaultAsync(r => r.Kind == ImportJobKind && r.Arguments.Contains(import.ToString()), Stop);
    }

    private async Task<string> KeyAsync() => (await new ApiKeyService(this, TimeProvider.System, NullLogger<ApiKeyService>.Instance)
        .CreateAsync(new NewApiKey("files", [Scopes.Data]), Actor.System, Stop)).Value.Key;

    public AppDbContext CreateDbContext()
    {
        var builder = new DbContextOptionsBuilder<AppDbContext>();
        DataServices.Configure(builder, Database);
        return new AppDbContext(builder.Options);
    }

    public void Dispose()
    {
        SqliteConnection.ClearAllPools();
        Directory.Delete(folder, recursive: true);
    }
}
