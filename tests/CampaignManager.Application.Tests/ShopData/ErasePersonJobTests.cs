using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using CampaignManager.Application.Accounts;
using CampaignManager.Application.Imports;
using CampaignManager.Application.Jobs;
using CampaignManager.Application.Lake;
using CampaignManager.Application.Settings;
using CampaignManager.Application.ShopData.Erasure;
using CampaignManager.Application.ShopData.Imports;
using CampaignManager.Application.ShopData.Keys;
using CampaignManager.Application.Tests.Imports;

namespace CampaignManager.Application.Tests.ShopData;

/// <summary>Somebody who asks to be erased is found nowhere afterwards, and does not come back with the next file.</summary>
public sealed class ErasePersonJobTests : IAsyncDisposable
{
    private const string Erika = "c0@shop.test", Max = "c1@shop.test";

    private const string Mapping = """
        { "source": "tills", "zone": "UTC", "currency": "EUR", "own": { "shape": { "type": "repeated" },
          "order": { "id": "order_id", "at": "order_date", "customer": { "column": "email", "treat": "pseudonym", "as": "email" }, "total": "total" },
          "line": { "sku": "sku", "quantity": "quantity", "price": { "column": "unit_price", "means": "unit" } } } }
        """;

    private static readonly Actor Ada = Actor.Of("a", "Ada", Roles.Admin);

    private readonly AnImportRoom room = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Run_ByAddress_LeavesNothingOfThePersonAndAllOfTheOthers()
    {
        var import = await ImportAsync(Orders());
        Assert.Equal((84L, 2L), (Rows(), import.Rejected));
        var (hers, his) = (Pseudonym(Erika), Pseudonym(Max));
        using (var connection = room.Lake.Open(1))
            room.Lake.WriteFile(connection, $"SELECT * FROM (VALUES ('{hers}', 1), ('{his}', 2)) AS t(customer_id, orders)", "features/current.parquet", Stop);
        Assert.NotEmpty(Holding(hers, Erika));

        var erased = await EraseAsync(" " + Erika.ToUpperInvariant() + " ");

        // Twelve orders with a line each, and the customer.
        Assert.Equal(new ErasedFigures(25, 1, 1, 1), erased);
        Assert.Empty(Holding(hers, Erika));
        Assert.Equal(72, Rows());
        Assert.Contains(his, await File.ReadAllTextAsync((await room.FindAsync(import.Id)).RejectsFile!, Stop), StringComparison.Ordinal);
        var run = (await room.Get<JobService>().ListAsync(ErasePersonJob.Kind, new PageRequest(), Stop)).Items[0];
        Assert.DoesNotContain("mk1:", run.Arguments, StringComparison.Ordinal);
        var written = Assert.Single((await room.Get<AuditLog>().ListAsync(new PageRequest(), AuditAction.PersonErased, Ada, Stop)).Value.Items);
        Assert.DoesNotContain("c0@", written.Subject, StringComparison.OrdinalIgnoreCase);

        var again = await ImportAsync(Orders());

        Assert.Equal(12, again.Findings!.Counts["erased"]);
        Assert.Equal(72, Rows());
    }

    [Fact]
    public async Task Run_ByANumberThatOnlyTheSettingMakesAPhones_LeavesNothingOfThePerson()
    {
        await room.Get<SettingsService>().SaveAsync(new SettingsChange("EUR", "UTC", 30, 0, default) { ApiIds = ApiIdKind.Phone }, null, Actor.System, Stop);
        await ImportAsync(Regex.Replace(Orders(), @"c(\d)@shop\.test", "212555001$1"), Mapping.Replace("\"as\": \"email\"", "\"as\": \"phone\"", StringComparison.Ordinal));

        var erased = await EraseAsync("212 555 0010");

        Assert.Equal(new ErasedFigures(25, 0, 1, 1), erased);
        Assert.Empty(Holding(room.Get<IPersonKeys>().Pseudonym(PersonKeyKinds.Phone, "2125550010"), "2125550010"));
        Assert.Equal(72, Rows());
    }

    [Fact]
    public async Task Start_ByWhoIsNoAdminOrWithoutAnId_IsRefused()
    {
        var service = room.Get<ErasureService>();

        Assert.Equal(FailureKind.Forbidden, (await service.StartAsync(AnImportRoom.Marketer, "C1", Stop)).Failure!.Kind);
        Assert.Equal(["customerId"], (await service.StartAsync(Ada, " ", Stop)).Failure!.Errors!.Keys);
        Assert.Equal(0, (await room.Get<JobService>().ListAsync(ErasePersonJob.Kind, new PageRequest(), Stop)).Total);
    }

    private async Task<ErasedFigures?> EraseAsync(string person)
    {
        var id = (await room.Get<ErasureService>().StartAsync(Ada, person, Stop)).Value;
        await room.Get<JobRunner>().ExecuteAsync(id, CancellationToken.None);
        var view = (await room.Get<ErasureService>().FindAsync(Ada, id, Stop)).Value;
        Assert.True(view.State == JobState.Succeeded, view.Error);
        return view.Erased;
    }

    private async Task<ImportView> ImportAsync(string csv, string mapping = Mapping)
    {
        var id = (await room.Imports.UploadAsync(AnImportRoom.Marketer, "tills.csv", new MemoryStream(Encoding.UTF8.GetBytes(csv)), Stop, "orders")).Value;
        Assert.True((await room.Imports.StartAsync(AnImportRoom.Marketer, id, ShopMappingJson.Parse("orders", mapping).Value, Stop)).Succeeded);
        var view = await room.RunAsync(id);
        Assert.True(view.State == ImportState.Succeeded, $"{view.State} {view.RefusalCode} {string.Join(' ', view.Questions.Select(q => q.Message))} {view.Error}");
        return view;
    }

    private string Pseudonym(string address) => room.Get<IPersonKeys>().Pseudonym(PersonKeyKinds.Email, address);

    private long Rows()
    {
        using var connection = room.Lake.Open(1);
        return connection.Scalar<long>($"SELECT count(*) FROM {room.Lake.Source(LakeTable.Orders)}");
    }

    /// <summary>Seven people order twelve times each; two rows cannot be read, one of them hers.</summary>
    private static string Orders()
    {
        var csv = new StringBuilder("order_id,order_date,email,total,sku,quantity,unit_price\n");
        for (var i = 0; i < 84; i++)
            csv.Append(CultureInfo.InvariantCulture, $"B-{i},{new DateTime(2025, 5, 1, 10, 0, 0).AddDays(i):yyyy-MM-dd HH:mm:ss},c{i % 7}@shop.test,20.00,A-{i % 5},2,10.00\n");
        return csv.Append("B-84,yesterday,c0@shop.test,20.00,A-1,2,10.00\nB-85,yesterday,c1@shop.test,20.00,A-1,2,10.00\n").ToString();
    }

    /// <summary>Files of the lake that name one of these, Parquet unpacked.</summary>
    private List<string> Holding(params string[] words)
    {
        using var connection = room.Lake.Open(1);
        return
        [
            .. Directory.GetFiles(room.Lake.Root, "*", SearchOption.AllDirectories).Where(f => !f.Contains(".staging", StringComparison.Ordinal)).Where(file =>
            {
                var text = file.EndsWith(".parquet", StringComparison.Ordinal)
                    ? string.Join('\n', connection.Query($"SELECT r::VARCHAR FROM read_parquet('{file}', hive_partitioning = false) r", r => r.GetString(0)))
                    : File.ReadAllText(file);
                return words.Any(w => text.Contains(w, StringComparison.OrdinalIgnoreCase));
            }),
        ];
    }

    public ValueTask DisposeAsync() => room.DisposeAsync();
}
