using System.Net;
using System.Reflection;
using System.Text.RegularExpressions;
using CampaignManager.Application.Accounts;
using CampaignManager.Web.Access;
using CampaignManager.Web.Tests.Hosting;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Components;

namespace CampaignManager.Web.Tests.Accounts;

/// <summary>Role × page. A new page without a line here fails, so that nobody forgets to decide who may open it.</summary>
public sealed partial class PageMatrixTests(WebApp app) : IClassFixture<WebApp>
{
    private const string Anyone = "anyone";
    private const string SignedIn = "signed in";

    /// <summary>Route template → who may open it.</summary>
    private static readonly Dictionary<string, string> Pages = new()
    {
        ["/"] = Policies.Staff,
        ["/account/denied"] = Anyone,
        ["/account/password"] = SignedIn,
        ["/account/profile"] = SignedIn,
        ["/account/setup"] = Anyone,
        ["/account/sign-in"] = Anyone,
        ["/api-keys"] = Roles.Admin,
        ["/audit"] = Roles.Admin,
        ["/audiences"] = Policies.Staff,
        ["/audiences/segments/{*Key}"] = Policies.Staff,
        ["/audiences/{Key}"] = Policies.Staff,
        ["/campaigns"] = Policies.Staff,
        ["/campaigns/import"] = Policies.Staff,
        ["/campaigns/new"] = Policies.Staff,
        ["/campaigns/{Id:guid}"] = Policies.Staff,
        ["/campaigns/{Id:guid}/edit"] = Policies.Staff,
        ["/customers"] = Policies.Customers,
        ["/customers/{Id}"] = Policies.Customers,
        ["/data"] = Policies.Staff,
        ["/data/events"] = Policies.Staff,
        ["/data/experiments/{Id:guid}"] = Policies.Staff,
        ["/data/features"] = Policies.Staff,
        ["/data/features/row"] = Policies.Staff,
        ["/data/features/{Column}"] = Policies.Staff,
        ["/data/import"] = Policies.Staff,
        ["/data/import/{Id:guid}"] = Policies.Staff,
        ["/data/imports/{Id:guid}"] = Policies.Staff,
        ["/data/quality"] = Policies.Staff,
        ["/data/templates"] = Policies.Staff,
        ["/error"] = Anyone,
        ["/first-steps"] = Policies.Staff,
        ["/health"] = Roles.Admin,
        ["/loop"] = Policies.Lead,
        ["/models"] = Policies.Staff,
        ["/models/compare"] = Policies.Staff,
        ["/models/{Id:guid}"] = Policies.Staff,
        ["/not-found"] = SignedIn,
        ["/runs/{RunId:guid}"] = Policies.Staff,
        ["/schedules"] = Roles.Admin,
        ["/settings"] = Roles.Admin,
        ["/settings/webhooks"] = Roles.Admin,
        ["/settings/webhooks/{Id:guid}"] = Roles.Admin,
        ["/suggestions"] = Policies.Staff,
        ["/training"] = Policies.Staff,
        ["/training/{RunId:guid}"] = Policies.Staff,
        ["/users"] = Roles.Admin,
    };

    private static IEnumerable<(string Route, Type Page)> Routes => typeof(Program).Assembly.GetTypes()
        .SelectMany(page => page.GetCustomAttributes<RouteAttribute>().Select(route => (route.Template, page)));

    public static TheoryData<string> Listed() => new(Pages.Keys);

    [Fact]
    public void Pages_All_AreListed() => Assert.Equal(Routes.Select(r => r.Route).Order(StringComparer.Ordinal), Pages.Keys.Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Listed))]
    public void Page_Attributes_SayWhatTheMatrixSays(string route)
    {
        var page = Routes.Single(r => r.Route == route).Page;
        var policies = page.GetCustomAttributes<AuthorizeAttribute>().Select(a => a.Policy).ToList();
        switch (Pages[route])
        {
            case Anyone:
                Assert.NotNull(page.GetCustomAttribute<AllowAnonymousAttribute>());
                break;
            case SignedIn:
                Assert.Null(page.GetCustomAttribute<AllowAnonymousAttribute>());
                Assert.All(policies, Assert.Null);
                break;
            default:
                Assert.Equal([Pages[route]], policies);
                break;
        }
    }

    [Theory]
    [InlineData(null)]
    [InlineData("marketer@demo")]
    [InlineData("manager@demo")]
    [InlineData("admin@demo")]
    public async Task Pages_OpenedByEachRole_AnswerAsTheMatrixSays(string? email)
    {
        var visitor = email is null ? new Visitor(app) : await Visitor.SignedInAsync(app, email);
        var role = AccountPreparation.DemoAccounts.Where(a => a.Email == email).Select(a => a.Role).SingleOrDefault();
        foreach (var (route, who) in Pages.Where(p => p.Key != "/account/setup"))
        {
            var (status, location) = await visitor.GetAsync(Parameter().Replace(route, "00000000-0000-0000-0000-000000000001"));
            var expected = who switch
            {
                Anyone => null,
                _ when role is null => "/account/sign-in",
                SignedIn or Policies.Staff => null,
                // Granted to nobody of the demo shop.
                Policies.Customers when role == Roles.Admin => null,
                Policies.Lead when role is Roles.Manager or Roles.Admin => null,
                _ => who == role ? null : "/account/denied",
            };
            var got = status == HttpStatusCode.Redirect ? location!.Split('?')[0] : status is HttpStatusCode.OK ? null : status.ToString();
            Assert.True(expected == got, $"{email ?? "anonymous"} at {route}: expected {expected ?? "200"}, got {got ?? "200"}");
        }
    }

    [Theory]
    [InlineData(null, "/account/sign-in")]
    [InlineData("marketer@demo", "/account/denied")]
    [InlineData("manager@demo", "/account/denied")]
    [InlineData("admin@demo", null)]
    public async Task JobsDashboard_ByRole_IsTheAdmins(string? email, string? expected)
    {
        var visitor = email is null ? new Visitor(app) : await Visitor.SignedInAsync(app, email);
        var (status, location) = await visitor.GetAsync("/jobs");
        Assert.Equal(expected, location?.Split('?')[0]);
        Assert.Equal(expected is null ? HttpStatusCode.OK : HttpStatusCode.Redirect, status);
    }

    [GeneratedRegex(@"\{[^}]+\}")]
    private static partial Regex Parameter();
}
