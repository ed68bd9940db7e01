using System.Net;
using CampaignManager.Application;
using CampaignManager.Application.Accounts;
using CampaignManager.Application.Audiences;
using CampaignManager.Application.Data;
using CampaignManager.Web.Tests.Hosting;
using CampaignManager.Web.Tests.Offers;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace CampaignManager.Web.Tests.Accounts;

/// <summary>Who may see customers, and what is kept of lists of them that leave.</summary>
public sealed class CustomersRightTests : IAsyncLifetime
{
    private const string List = "/api/v1/segments/loyal/customers.csv";

    private readonly OfferShop app = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await using var context = await app.Contexts.CreateDbContextAsync(Cancel);
        context.Segments.Add(new Segment { Key = "loyal", NameEn = "Loyal", NameZh = "忠实客户" });
        await context.SaveChangesAsync(Cancel);
    }

    public async ValueTask DisposeAsync() => await app.DisposeAsync();

    [Fact]
    public async Task Marketer_BeforeTheGrantAfterItAndWhenItIsTakenAway_SeesListsOnlyBetween()
    {
        var marketer = await UserAsync("marketer@demo");
        Assert.False(marketer.SeesCustomers);
        Assert.Equal(HttpStatusCode.Forbidden, await OpenedAsync("?reason=x"));

        await GrantAsync(marketer, true);
        Assert.True((await UserAsync("marketer@demo")).SeesCustomers);
        Assert.Equal(HttpStatusCode.OK, await OpenedAsync("?reason=Autumn%20mailing"));

        await GrantAsync(marketer, false);
        Assert.Equal(HttpStatusCode.Forbidden, await OpenedAsync("?reason=x"));
        Assert.Equal(
            [
                (AuditAction.RightGranted, "marketer@demo", null), (AuditAction.SegmentListed, "loyal", "Autumn mailing"),
                (AuditAction.RightTaken, "marketer@demo", (string?)null),
            ],
            await EntriesAsync());
    }

    [Fact]
    public async Task Person_WithoutAReasonOrWithAWrongOne_GetsNothingAndNothingIsWritten()
    {
        var admin = await Visitor.SignedInAsync(app, "admin@demo");
        foreach (var (reason, code) in new[] { ("", AuditLog.ReasonNeeded), ("?reason=%20", AuditLog.ReasonNeeded), ("?reason=a%0Ab", "invalid"), ("?reason=" + new string('x', 501), "invalid") })
            await OfferShop.RefusedAsync(await admin.Client.GetAsync(List + reason, Cancel), HttpStatusCode.BadRequest, code);
        Assert.Empty(await EntriesAsync());
    }

    [Fact]
    public async Task Key_NeedsBothScopes_AndIsWrittenDownWithOrWithoutAReason()
    {
        foreach (var (scope, missing) in new[] { (Scopes.Campaigns, Scopes.Customers), (Scopes.Customers, Scopes.Campaigns) })
        {
            var refused = await (await app.KeyAsync(scope)).GetAsync(List, Cancel);
            Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
            Assert.Contains($"'{missing}'", await refused.Content.ReadAsStringAsync(Cancel), StringComparison.Ordinal);
        }

        var key = await app.KeyAsync(Scopes.Campaigns, Scopes.Customers);
        Assert.Equal("customerId\n", await key.GetStringAsync(List, Cancel));
        key.DefaultRequestHeaders.Add("X-Reason", "Newsletter");
        Assert.Equal("customerId\n", await key.GetStringAsync(List, Cancel));
        Assert.Equal([(AuditAction.SegmentListed, "loyal", null), (AuditAction.SegmentListed, "loyal", "Newsletter")], await EntriesAsync());
    }

    [Fact]
    public async Task AuditLog_IsTheAdmins()
    {
        var log = app.Services.GetRequiredService<AuditLog>();
        await log.WriteAsync(AuditAction.SegmentListed, "loyal", "50% off", Actor.System, Cancel);
        Assert.Equal(FailureKind.Forbidden, (await log.ListAsync(new PageRequest(), null, Actor.Of("m", "Mia", Roles.Manager), Cancel)).Failure!.Kind);
        Assert.Equal(1, (await log.ListAsync(new PageRequest(Query: "0% o"), null, Actor.System, Cancel)).Value.Total);
        Assert.Equal(0, (await log.ListAsync(new PageRequest(Query: "5%off"), null, Actor.System, Cancel)).Value.Total);
        Assert.Equal(0, (await log.ListAsync(new PageRequest(), AuditAction.ScoresListed, Actor.System, Cancel)).Value.Total);
    }

    private async Task<HttpStatusCode> OpenedAsync(string reason) =>
        (await (await Visitor.SignedInAsync(app, "marketer@demo")).Client.GetAsync(List + reason, Cancel)).StatusCode;

    private async Task<UserRow> UserAsync(string email) =>
        (await app.Services.GetRequiredService<UserList>().ListAsync(new PageRequest(Query: email), new UserFilter(), Actor.System, Cancel)).Value.Items.Single();

    private async Task GrantAsync(UserRow user, bool sees) => Assert.True((await app.Services.GetRequiredService<UserService>()
        .UpdateAsync(user.Id, user.Name, user.Roles, Actor.System, Cancel, sees)).Succeeded);

    private async Task<List<(AuditAction, string, string?)>> EntriesAsync()
    {
        await using var context = await app.Contexts.CreateDbContextAsync(Cancel);
        return [.. (await context.AuditEntries.OrderBy(e => e.At).ThenBy(e => e.Id).ToListAsync(Cancel)).Select(e => (e.Action, e.Subject, e.Reason))];
    }
}
