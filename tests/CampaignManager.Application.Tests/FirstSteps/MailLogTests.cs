using System.Globalization;
using System.Text;
using CampaignManager.Application.Experiments;
using CampaignManager.Application.FirstSteps;
using CampaignManager.Engine.Experiments;
using CampaignManager.Engine.Statistics;
using CampaignManager.Engine.Uplift.Observational;

namespace CampaignManager.Application.Tests.FirstSteps;

/// <summary>
/// Logs of mails that somebody chose the receivers of. Customers order by what their orders show (how often they came) and by what nobody recorded; either decides who is written to.
/// </summary>
public sealed class MailLogTests : IAsyncDisposable
{
    private const int Customers = 3_500;

    private static readonly DateTime Sent = new(2025, 6, 2, 0, 0, 0, DateTimeKind.Utc);

    private readonly APastShop shop = new();

    public ValueTask DisposeAsync() => shop.DisposeAsync();

    [Fact]
    public async Task Log_ChosenByWhatIsRecorded_IsShownAsObservationalWithItsRobustnessAndNothingActsOnIt()
    {
        var log = await BringAsync((known, _) => 0.2 + (0.15 * known), effect: 0.1);

        Assert.Equal((PastCampaignFault.NotRandomised, null, false), (log.Fault, log.Conversion, log.IsRandomised));
        Assert.Empty(log.Log!.Failed);
        Found(0.1, log.Log.Effect!);
        Assert.InRange(log.Log.Robustness, 0.01, 0.5);
        Assert.Matches(
            @"^mail: Observational: whom to mail was chosen by somebody\. Of 100 who got it \+\d+\.\d ordered within 14 days beyond those like them who did not \(.+ \.\. .+\)\. Robustness value [\d.]+ %: .+ It is no measured effect\.$",
            FirstStepsWords.Campaign(log).En);
        Assert.StartsWith("mail：观察性数据：发给谁是人挑的，不是随机的。", FirstStepsWords.Campaign(log).Zh, StringComparison.Ordinal);
        var report = await shop.ReportAsync();
        Assert.Equal(FirstStep.Log, report.Step);
        Assert.Null(FirstStepsWords.Together(report));
        Assert.Empty(await shop.LearntFromAsync());
        Assert.Null(await shop.Room.Get<EffectService>().ReadAsync(EffectService.UsualPeriod, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Log_ChosenByWhatNobodyRecorded_ThePlaceboCatchesAMailThatDoesNothing()
    {
        var log = await BringAsync((_, hidden) => 0.1 + (0.8 * hidden), effect: 0);

        Assert.Equal([LogGate.Placebo], log.Log!.Failed);
        Assert.True(log.Log.Effect!.Low > 0, "Without the placebo this would have passed for an effect.");
        Assert.Matches(
            @"^mail: Observational: whom to mail was chosen by somebody\. In the four weeks before the mail those who got it already ordered \d+\.\d points more \(\d+\.\d \.\. \d+\.\d\)\. The difference afterwards cannot be told from that one\. Not used\.$",
            FirstStepsWords.Campaign(log).En);
    }

    [Fact]
    public async Task Log_OfReceiversOnly_IsComparedWithCustomersWhoDidNotGetIt()
    {
        var log = await BringAsync((known, _) => 0.2 + (0.15 * known), effect: 0.1, receiversOnly: true);

        Assert.Equal((PastCampaignFault.NotRandomised, 0L), (log.Fault, log.Control));
        Assert.Empty(log.Log!.Failed);
        Found(0.1, log.Log.Effect!);
    }

    [Fact]
    public async Task Log_OfSentMails_IsTheLogOfTheirReceivers_AndNamesNoAutomaticMessage()
    {
        var (orders, receivers) = Draw((known, _) => 0.2 + (0.15 * known), effect: 0.1, receiversOnly: true);
        await shop.BringAsync("orders", """{ "currency": "CNY", "zone": "UTC" }""", ("orders.csv", orders));
        await shop.BringAsync("events", """{ "zone": "UTC" }""", ("mails.csv", Mails(receivers)));

        var log = Assert.Single((await shop.ReportAsync()).Campaigns);

        Assert.Equal((PastCampaignFault.NotRandomised, 0L, receivers.Split('\n').Length - 2L), (log.Fault, log.Control, log.Treated));
        Found(0.1, log.Log!.Effect!);
        Assert.Equal(("mails.csv", "mail"), ((await shop.CampaignsAsync())[0].OwnerName, log.Name));

        await shop.Room.UndoAsync(shop.Brought["events"]);
        Assert.Empty((await shop.ReportAsync()).Campaigns);
    }

    [Fact]
    public async Task SentMails_OfACampaignWhoseGroupsWereDrawn_LeaveItsGroupsAsTheyAre()
    {
        await shop.BringAsync([new APastCampaign(1)]);
        var before = Assert.Single(await shop.ReadAsync());
        var sent = new StringBuilder("campaign,customer,assigned_at\n");
        for (var i = 0; i < 700; i++)
            sent.Append(CultureInfo.InvariantCulture, $"camp-1,C{i},{APastShop.Day(1):s}Z\n");

        await shop.BringAsync("events", """{ "zone": "UTC" }""", ("mails.csv", Mails(sent.ToString())));

        Assert.Equal(before, Assert.Single(await shop.ReadAsync()));
    }

    /// <summary>Each mail told twice, the reminder first, and a welcome that few got.</summary>
    private static string Mails(string receivers)
    {
        var mails = new StringBuilder("type,customer,at,campaign\n");
        foreach (var (i, line) in receivers.Trim().Split('\n').Skip(1).Index())
        {
            var (campaign, customer, at) = line.Split(',') is [var c, var who, var when, ..] ? (c, who, DateTime.Parse(when, CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal)) : default;
            mails.Append(CultureInfo.InvariantCulture, $"contact,{customer},{at.AddDays(9):s}Z,{campaign}\ncontact,{customer},{at:s}Z,{campaign}\nemail_opened,{customer},{at:s}Z,{campaign}\n");
            if (i < 400)
                mails.Append(CultureInfo.InvariantCulture, $"contact,{customer},{at:s}Z,welcome\n");
        }

        return mails.ToString();
    }

    [Fact]
    public async Task Log_AllRegularsAndNobodyElse_HasNobodyToCompareWith()
    {
        var log = await BringAsync((known, _) => known >= 3 ? 1 : 0, effect: 0.1);

        Assert.Equal(LogGate.Overlap, log.Log!.Failed[0]);
        Assert.Contains("(500 of each needed). Not used.", FirstStepsWords.Campaign(log).En, StringComparison.Ordinal);
    }

    // Four standard errors: a draw that happens once in 16,000 times. This seed's draw lies 2.6 above; over 400 seeds of the same shop the mean is .1028 +- .0008 of a true .1
    // (a sixth of one reading's standard error: chances are estimated, and pull a little to the middle), and 380 of the 400 intervals hold it.
    private static void Found(double effect, DifferenceInterval found)
    {
        Assert.InRange(found.Estimate, effect - (4 * found.StandardError), effect + (4 * found.StandardError));
        Assert.True(found.Low > 0, $"{found}");
    }

    private async Task<PastCampaignReading> BringAsync(Func<int, double, double> chance, double effect, bool receiversOnly = false)
    {
        var (orders, groups) = Draw(chance, effect, receiversOnly);
        await shop.BringAsync("orders", """{ "currency": "CNY", "zone": "UTC" }""", ("orders.csv", orders));
        await shop.BringAsync("exposures", """{ "zone": "UTC" }""", ("log.csv", groups));
        return Assert.Single((await shop.ReportAsync()).Campaigns);
    }

    /// <param name="chance">To be written to, by the orders of the year before (1..4) and what nobody recorded (0..1).</param>
    private static (string Orders, string Groups) Draw(Func<int, double, double> chance, double effect, bool receiversOnly)
    {
        var random = new SeededRandom(11);
        var orders = new StringBuilder("order_id,order_date,customer_id,total\n");
        var groups = new StringBuilder(receiversOnly ? "campaign,customer,assigned_at\n" : "campaign,customer,assigned_at,group\n");
        var n = 0;
        for (var i = 0; i < Customers; i++)
        {
            var (known, hidden) = (1 + random.NextInt(4), random.NextDouble());
            var anyway = 0.02 + (0.04 * known) + (0.25 * hidden);
            for (var k = 0; k < known; k++)
                Order(i, -35 - random.NextInt(300));
            if (random.NextDouble() < anyway)
                Order(i, -1 - random.NextInt(27));
            var got = random.NextDouble() < chance(known, hidden);
            if (random.NextDouble() < anyway + (got ? effect : 0))
                Order(i, random.NextInt(14));
            if (got || !receiversOnly)
                groups.Append(CultureInfo.InvariantCulture, $"mail,C{i},{Sent:s}Z{(receiversOnly ? "" : got ? ",treated" : ",control")}\n");
        }

        Order(Customers, 60);
        return (orders.ToString(), groups.ToString());

        void Order(int customer, int day) =>
            orders.Append(CultureInfo.InvariantCulture, $"O{n++},{Sent.AddDays(day).AddMinutes(5 + random.NextInt(1400)):s}Z,C{customer},{100 + (50 * random.NextInt(5))}.00\n");
    }
}
