using CampaignManager.Application.Accounts;
using Microsoft.AspNetCore.Identity;

namespace CampaignManager.Web.Access;

/// <summary>Roles in every environment; demo accounts in Development only; elsewhere a code for the first admin when there is nobody yet.</summary>
public sealed class AccountPreparation(IServiceScopeFactory scopes, IWebHostEnvironment environment, SetupService setup, TimeProvider time)
{
    /// <summary>Shown on the sign-in page in Development.</summary>
    public const string DemoPassword = "demo-Shop-2026";

    public static readonly IReadOnlyList<(string Email, string Name, string Role)> DemoAccounts =
    [
        ("marketer@demo", "Mia Marketer", Roles.Marketer),
        ("manager@demo", "Max Manager", Roles.Manager),
        ("admin@demo", "Ada Admin", Roles.Admin),
    ];

    /// <summary>The sentence printed at start.</summary>
    public string SignInHint { get; private set; } = "";

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var roles = scope.ServiceProvider.GetRequiredService<RoleManager<IdentityRole>>();
        foreach (var role in Roles.All)
        {
            if (!await roles.RoleExistsAsync(role))
                await roles.CreateAsync(new IdentityRole(role));
        }

        var users = scope.ServiceProvider.GetRequiredService<UserManager<AppUser>>();
        if (!environment.IsDevelopment())
        {
            await LockDemoAccountsAsync(users);
            if (await setup.PrepareAsync(cancellationToken) is { } code)
                SignInHint = $"There is no account yet: open the address above and make the first admin with the one-time code {code}";
            return;
        }

        foreach (var (email, name, role) in DemoAccounts)
        {
            if (await users.FindByNameAsync(email) is { } known)
            {
                if (known.LockoutEnd == DateTimeOffset.MaxValue)
                    await users.SetLockoutEndDateAsync(known, null);
                continue;
            }

            var user = new AppUser { UserName = email, Email = email, DisplayName = name, EmailConfirmed = true, CreatedAt = time.GetUtcNow().UtcDateTime };
            var created = await users.CreateAsync(user, DemoPassword);
            if (created.Succeeded)
                await users.AddToRoleAsync(user, role);
        }

        SignInHint = $"Demo accounts: {string.Join(", ", DemoAccounts.Select(a => a.Email))}; password {DemoPassword}";
    }

    // A database that was once used in Development has accounts whose password everyone knows.
    private static async Task LockDemoAccountsAsync(UserManager<AppUser> users)
    {
        foreach (var (email, _, _) in DemoAccounts)
        {
            if (await users.FindByNameAsync(email) is not { } user || user.LockoutEnd == DateTimeOffset.MaxValue)
                continue;
            await users.SetLockoutEndDateAsync(user, DateTimeOffset.MaxValue);
            await users.UpdateSecurityStampAsync(user);
        }
    }
}
