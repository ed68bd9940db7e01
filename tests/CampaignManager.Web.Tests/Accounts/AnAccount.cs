using CampaignManager.Application.Accounts;
using CampaignManager.Application.Data;
using CampaignManager.Web.Access;
using CampaignManager.Web.Tests.Hosting;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;

namespace CampaignManager.Web.Tests.Accounts;

/// <summary>A person of one test, so that tests can share an app.</summary>
internal sealed record AnAccount(string Id, string Email)
{
    public const string Password = AccountPreparation.DemoPassword;

    public Actor Actor => Actor.Of(Id, "Zoe", Roles.Marketer);

    public static async Task<AnAccount> NewAsync(WebApp app)
    {
        await using var scope = app.Services.CreateAsyncScope();
        var users = scope.ServiceProvider.GetRequiredService<UserManager<AppUser>>();
        var email = $"zoe{Guid.NewGuid():N}@shop.example";
        var user = new AppUser { UserName = email, Email = email, DisplayName = "Zoe Marketer", EmailConfirmed = true };
        Assert.True((await users.CreateAsync(user, Password)).Succeeded);
        await users.AddToRoleAsync(user, Roles.Marketer);
        return new AnAccount(user.Id, email);
    }
}
