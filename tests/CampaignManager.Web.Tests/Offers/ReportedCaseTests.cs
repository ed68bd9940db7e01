using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using CampaignManager.Application.Accounts;
using CampaignManager.Application.Data;
using CampaignManager.Application.Tests.Data;
using static CampaignManager.Web.Tests.Offers.OfferShop;

namespace CampaignManager.Web.Tests.Offers;

/// <summary>
/// Inputs rebuilt from public reports of other shops, each with what is right. They lie beside the repository, or where REPORTED_CASES says, and the test is skipped where they do not;
/// what they taught is in the tests of each kind.
/// </summary>
public sealed class ReportedCaseTests(PostgresServer server)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <summary>By case and input: the status, and the total or the path that is named.</summary>
    public static TheoryData<string, string, int, string> Answers => new()
    {
        { "F01", "input", 200, "5" },
        { "F02", "input", 200, "10" },
        { "F09", "input", 400, "campaigns[0].scope.include" },
        { "F10", "input", 400, "limit" },
        { "F10", "input", 400, "limits.maxUses" },
        { "F10", "input", 400, "schedule.startsAt" },
        { "F15", "input", 200, "9" },
        { "F18", "input", 200, "90" },
        { "F22", "input", 200, "2" },
        { "F22", "input2", 200, "51" },
        { "F25", "input", 400, "campaigns[0].offer.tiers[1].off" },
        { "F30", "input", 201, "" },
        { "F33", "input", 200, "505" },
        { "F33", "input2", 200, "585" },
        { "P01", "input", 200, "total" },
        { "P03", "input", 200, "total" },
        { "P04", "input", 200, "total" },
        { "P06", "input", 200, "total" },
        { "P07", "input", 200, "total" },
        { "P09", "input", 200, "total" },
        { "P21", "input", 200, "total" },
        { "P22", "input", 200, "total" },
        { "P23", "input", 200, "total" },
        { "P26", "input", 200, "total" },
        { "P28", "input", 200, "total" },
    };

    /// <summary>Files, by case: the state in which the import ends, and a text that the answer has.</summary>
    public static TheoryData<string, string, string> Files => new()
    {
        { "F05", "succeeded", "" },
        { "F06", "waiting,failed", "2" },
        { "F11", "succeeded,waiting", "" },
        { "F12", "succeeded", "" },
        { "F14", "succeeded", "" },
        { "F20", "succeeded", "" },
        { "F21", "succeeded", "" },
    };

    [Theory]
    [MemberData(nameof(Answers))]
    public async Task Call_OfAReport_IsAnsweredRight(string name, string input, int status, string right)
    {
        var known = await ReadAsync(name);
        await using var shop = await StartAsync(DatabaseOptions.Sqlite, server);
        var call = known[input]!;
        using var answer = await PostAsync(await shop.KeyAsync(Scopes.Everything), ((string)call["call"]!)["POST ".Length..], call["body"]!.ToJsonString());
        var told = JsonNode.Parse(await answer.Content.ReadAsStringAsync(Stop))!;
        Assert.True((int)answer.StatusCode == status, told.ToJsonString());
        if (status == 400)
            Assert.NotNull(told["errors"]![right]);
        else if (status == 200)
            Assert.Equal(right == "total" ? (decimal)known["total"]! : decimal.Parse(right, System.Globalization.CultureInfo.InvariantCulture), (decimal)told["total"]!);
        if (name == "F18")
            Assert.Equal(11.11m, (decimal)Assert.Single(told["nearMisses"]!.AsArray())!["missing"]!);
        if (name == "F30")
            Assert.Equal((string)call["body"]!["schedule"]!["start"]!, (string)told["schedule"]!["start"]!);
    }

    [Theory]
    [MemberData(nameof(Files))]
    public async Task File_OfAReport_EndsRight(string name, string states, string word)
    {
        var input = (await ReadAsync(name))["input"]!;
        await using var shop = await StartAsync(DatabaseOptions.Sqlite, server);
        var client = await shop.KeyAsync(Scopes.Everything);
        var bytes = input["csvHex"] is { } hex ? Convert.FromHexString((string)hex!) : Encoding.UTF8.GetBytes((string)input["csv"]!);
        using var form = new MultipartFormDataContent
        {
            { new StringContent("experiment"), "kind" },
            { new StringContent(input["mapping"]!.ToJsonString()), "mapping" },
            { new ByteArrayContent(bytes), "file", "t.csv" },
        };
        using var posted = await client.PostAsync("/api/v1/imports", form, Stop);
        Assert.Equal(HttpStatusCode.Accepted, posted.StatusCode);
        var id = (string)(await posted.Content.ReadFromJsonAsync<JsonNode>(Stop))!["id"]!;
        var import = await EndAsync(client, id);
        Assert.True(states.Split(',').Contains((string)import["state"]!), import.ToJsonString());
        Assert.Contains(word, import.ToJsonString(), StringComparison.Ordinal);
        if (name == "F11")
            Assert.DoesNotContain("\u9C28", import.ToJsonString(), StringComparison.Ordinal); // Köln read as Chinese
    }

    private static async Task<JsonNode> ReadAsync(string name)
    {
        var top = AppContext.BaseDirectory;
        while (top is not null && !File.Exists(Path.Combine(top, "CampaignManager.sln")))
            top = Path.GetDirectoryName(top);
        var folder = Environment.GetEnvironmentVariable("REPORTED_CASES") ?? Path.Combine(top ?? "", "..", "shared", "cases");
        Assert.SkipUnless(Directory.Exists(folder), $"There are no reported cases in {Path.GetFullPath(folder)}; REPORTED_CASES names another folder.");
        return JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(folder, name + ".json"), Stop))!;
    }

    private static async Task<JsonNode> EndAsync(HttpClient client, string id)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        for (var i = 0; i < 600 && await timer.WaitForNextTickAsync(Stop); i++)
        {
            var import = await client.GetFromJsonAsync<JsonNode>($"/api/v1/imports/{id}", Stop);
            if ((string)import!["state"]! is "succeeded" or "failed" or "cancelled" or "waiting")
                return import;
        }

        throw new TimeoutException("The import did not end in a minute.");
    }
}
