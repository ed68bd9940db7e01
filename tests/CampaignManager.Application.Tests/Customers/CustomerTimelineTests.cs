using CampaignManager.Application.Accounts;
using CampaignManager.Application.Audiences;
using CampaignManager.Application.Campaigns;
using CampaignManager.Application.Customers;
using CampaignManager.Application.Data;
using CampaignManager.Application.Lake;
using CampaignManager.Application.Offers;
using CampaignManager.Application.Settings;
using CampaignManager.Application.ShopData.Keys;
using CampaignManager.Application.ShopData.Rows;
using CampaignManager.Application.ShopData.Writing;
using CampaignManager.Application.Tests.Campaigns;
using CampaignManager.Application.Tests.ShopData.Writing;
using CampaignManager.Engine.Offers;
using Microsoft.EntityFrameworkCore;
using static CampaignManager.Application.Tests.ShopData.Writing.AWriter;

namespace CampaignManager.Application.Tests.Customers;

public sealed class CustomerTimelineTests : IDisposable
{
    private static readonly DateTime At = Start.AddDays(-20);

    private readonly AWriter shop = new();
    private readonly CampaignFixture campaigns = new("2026-06-01T00:00:00Z");

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private static Actor Granted => CampaignFixture.Mia with { SeesCustomers = true };

    private CustomerTimeline Timeline => new(shop.Lake, new SettingsService(campaigns), campaigns, campaigns.Time);

    private CustomerSearch Search => new(shop.Lake, new Spelled());

    public void Dispose()
    {
        shop.Dispose();
        campaigns.Dispose();
    }

    [Fact]
    public async Task List_OrdersWithLinesRefundsAndEvents_NewestFirstWithoutTheOrdersOwnEvent()
    {
        await shop.WriteAsync(
            Guid.NewGuid(), Start,
            new ProductRow("S1", 0) { NameEn = "Boots", NameZh = "靴子" },
            Order("O1", "C1", At, 1_250, 2) with { Refunds = [new RefundRow("R1", "O1", 0, At.AddDays(3), RefundTime.File, 1_250) { Quantity = 1 }] },
            Order("O2", "C1", At.AddDays(5)) with { Status = OrderStatus.Cancelled },
            Order("O3", "C2", At.AddDays(6)),
            View("E1", "C1", At.AddDays(-1)),
            new EventRow("E2", "purchase", At, 0) { CustomerId = "C1", OrderId = "O1" },
            new EventRow("E3", "purchase", At.AddDays(9), 0) { CustomerId = "C1", OrderId = "only-an-event" });

        var all = await ListAsync("C1");

        Assert.Equal(
            ["Event purchase only-an-event", "Order cancelled O2", "Refund file O1", "Order counted O1", "Event view "],
            all.Items.Select(e => $"{e.Kind} {e.What} {e.OrderId}"));
        Assert.Equal(5, all.Total);
        Assert.Equal(new TimelineLine("S1", new("Boots", "靴子"), 2, 1_250, 0), Assert.Single(all.Items[3].Lines));
        Assert.Equal((2_500, "EUR"), (all.Items[3].AmountMinor, all.Items[3].Currency));
        Assert.Equal((1_250, "EUR", 1, "靴子"), (all.Items[2].AmountMinor, all.Items[2].Currency, all.Items[2].Lines[0].Quantity, all.Items[2].Lines[0].Name.Zh));

        Assert.Equal(["O2", "O1"], (await ListAsync("C1", TimelineKind.Order)).Items.Select(e => e.OrderId));
        var second = (await Timeline.ListAsync("C1", [], new PageRequest(2, 2), Granted, Stop)).Value;
        Assert.Equal((5, "Refund", "Order"), (second.Total, second.Items[0].Kind.ToString(), second.Items[1].Kind.ToString()));
    }

    [Fact]
    public async Task List_IdsThatTurnedOutToBeOnePerson_TellsAllOfThemUnderTheSurvivor()
    {
        await shop.WriteAsync(Guid.NewGuid(), Start, Order("O1", "mail", At), Order("O2", "C1", At.AddDays(1)), View("E0", "stranger", At),
            new EventRow("E1", "view", At, 0) { AnonymousId = "browser" });
        await shop.WriteAsync(Guid.NewGuid(), Start, new EventRow("E2", "identify", At.AddDays(2), 0) { AnonymousId = "browser", CustomerId = "mail" },
            new CustomerRow("C1", 0) { OtherIds = ["mail"] });

        var all = (await ListAsync("C1")).Items.Select(e => e.OrderId ?? e.What).Order(StringComparer.Ordinal);

        // As the view over the whole table has it, which looks through everybody's.
        Assert.Equal(["C1|E1", "C1|E2", "stranger|E0"], shop.Rows(LakeTable.Events, "customer_id, event_id"));
        Assert.Equal(["O1", "O2", "identify", "view"], all);
        Assert.Equal(["O2", "O1"], (await ListAsync("C1", TimelineKind.Order)).Items.Select(e => e.OrderId));
        Assert.Equal(["C1", "C1", "C1"], [await FoundAsync("C1"), await FoundAsync("mail"), await FoundAsync("browser")]);
        var profile = (await ProfileAsync("mail")).Value;
        Assert.Equal(("C1", "mail", 1), (profile.Id, profile.AskedFor, profile.Browsers));
        Assert.Equal(["mail"], profile.OtherIds);

        await shop.Writer.EraseAsync("C1", Stop);
        foreach (var id in (string[])["C1", "mail", "browser", "never-seen", "guest:O1", ""])
        {
            Assert.Equal((FailureKind.NotFound, SegmentMembers.UnknownCustomer), Why(await Search.FindAsync(id, Granted, Stop)));
            Assert.Equal((FailureKind.NotFound, SegmentMembers.UnknownCustomer), Why(await ProfileAsync(id)));
        }

        Assert.Empty((await ListAsync("C1")).Items);
    }

    [Fact]
    public async Task Find_MailOrPhoneOfAPseudonym_IsFoundByWhatWasTyped()
    {
        await shop.WriteAsync(Guid.NewGuid(), Start, Order("O1", "email/ann@example.com", At), Order("O2", "phone/8613800001111", At), Order("O3", "13900002222", At));

        Assert.Equal("email/ann@example.com", await FoundAsync("  Ann@Example.com "));
        Assert.Equal("phone/8613800001111", await FoundAsync("138 0000 1111"));
        // The shop's own ids may look like phone numbers: those go before.
        Assert.Equal("13900002222", await FoundAsync("13900002222"));
        Assert.Null(await FoundAsync("bob@example.com"));
    }

    [Fact]
    public async Task List_ExposuresRedemptionsAndCoupons_ShowTheArmOnlyOnceTheExperimentHasClosed()
    {
        var running = await CampaignAsync("Running", CampaignStatus.Live, null);
        var attributing = await CampaignAsync("Ended yesterday", CampaignStatus.Ended, "2026-05-31");
        var closed = await CampaignAsync("Closed", CampaignStatus.Ended, "2026-05-01");
        await shop.WriteAsync(Guid.NewGuid(), Start, View("E1", "C1", At));
        var values = string.Join(", ", new[] { (running, 0), (attributing, 1), (closed, 0) }.Select(c => $"('{c.Item1}','C1',TIMESTAMP '2026-04-20',{c.Item2},0.5)"));
        shop.A.Put(LakeTable.Exposures, values);
        await using (var context = await ((IDbContextFactory<AppDbContext>)campaigns).CreateDbContextAsync(Stop))
        {
            var redeemed = new Redemption
            {
                Id = Guid.NewGuid(),
                OrderId = "O9",
                State = RedemptionState.Confirmed,
                Currency = "CNY",
                CustomerId = "C1",
                DiscountMinor = 3_000,
                InputsJson = "{}",
                QuoteJson = "{}",
                ReservedAt = At.AddDays(100),
            };
            context.Add(redeemed);
            context.Add(new Redemption { Id = Guid.NewGuid(), OrderId = "O9", State = RedemptionState.Confirmed, Currency = "CNY", CustomerId = "C1", InputsJson = "{}", QuoteJson = "{}", Sandbox = true });
            context.Add(new RedemptionCampaign { RedemptionId = redeemed.Id, CampaignId = running, AmountMinor = 3_000, CodeKey = "SPRING" });
            await context.SaveChangesAsync(Stop);
        }

        var exposures = (await ListAsync("C1", TimelineKind.Exposure)).Items.ToDictionary(e => e.Campaigns[0].Name!, e => e.What);
        Assert.Equal(new Dictionary<string, string?> { ["Running"] = null, ["Ended yesterday"] = null, ["Closed"] = "0" }, exposures);
        var offer = Assert.Single((await ListAsync("C1", TimelineKind.Redemption)).Items);
        Assert.Equal(("confirmed", "O9", 3_000L, new TimelineCampaign(running.ToString(), "Running", 3_000, "SPRING")), (offer.What, offer.OrderId, offer.AmountMinor, Assert.Single(offer.Campaigns)));
    }

    [Fact]
    public async Task Everything_WithoutTheRight_IsRefused()
    {
        await shop.WriteAsync(Guid.NewGuid(), Start, Order("O1", "C1", At));
        Assert.Equal(FailureKind.Forbidden, (await Search.FindAsync("C1", CampaignFixture.Ada, Stop)).Failure!.Kind);
        Assert.Equal(FailureKind.Forbidden, (await Timeline.ListAsync("C1", [], new PageRequest(), CampaignFixture.Ada, Stop)).Failure!.Kind);
        Assert.Equal(FailureKind.Forbidden, (await new CustomerList(shop.Lake).ListAsync(new PageRequest(), new CustomerFilter(), CampaignFixture.Max, Stop)).Failure!.Kind);
        Assert.Equal(FailureKind.Forbidden, (await new CustomerList(shop.Lake).ChoicesAsync(CampaignFixture.Max, Stop)).Failure!.Kind);
    }

    private static (FailureKind, string) Why(Outcome outcome) => (outcome.Failure!.Kind, outcome.Failure.Code);

    private async Task<Paged<TimelineEntry>> ListAsync(string id, params TimelineKind[] kinds) =>
        (await Timeline.ListAsync(id, kinds, new PageRequest(1, 50), Granted, Stop)).Value;

    private async Task<string?> FoundAsync(string text) => await Search.FindAsync(text, Granted, Stop) is { Succeeded: true } found ? found.Value : null;

    private Task<Outcome<CustomerProfile>> ProfileAsync(string id)
    {
        ShopModelInUse model = _ => Task.FromResult<RankingModel?>(null);
        var ranking = new CustomerRanking(shop.Lake, new CustomerScores(shop.Lake), model);
        var segments = new SegmentMembers(shop.Lake, new SegmentList(campaigns, ranking, model), ranking, model, campaigns);
        return new CustomerProfiles(shop.Lake, segments).FindAsync(id, Granted, Stop);
    }

    private async Task<Guid> CampaignAsync(string name, CampaignStatus status, string? end)
    {
        await using var context = await ((IDbContextFactory<AppDbContext>)campaigns).CreateDbContextAsync(Stop);
        var row = new Campaign
        {
            Id = Guid.NewGuid(),
            Name = name,
            Status = status,
            RulesJson = RulesJson.Write(CampaignFixture.Rules()),
            OfferType = "fullReduction",
            Currency = "CNY",
            OwnerId = "mia",
            OwnerName = "Mia",
            HoldoutSalt = name,
            EndsAt = end is null ? null : DateTime.SpecifyKind(DateTime.Parse(end), DateTimeKind.Utc),
            UpdatedAt = campaigns.Time.GetUtcNow().UtcDateTime,
        };
        context.Add(row);
        await context.SaveChangesAsync(Stop);
        return row.Id;
    }

    /// <summary>Pseudonyms that tests can read.</summary>
    private sealed class Spelled : IPersonKeys
    {
        public string Pseudonym(string kind, string value) => $"{kind}/{PersonId.Normalised(kind, value)}";
    }
}
