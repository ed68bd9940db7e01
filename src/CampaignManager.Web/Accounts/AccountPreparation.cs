using CampaignManager.Application.Accounts;
using Microsoft.AspNetCore.Identity;

namespace CampaignManager.Web.Accounts;

/// <summary>Roles in every environment; demo accounts in Development only.</summary>
public sealed class AccountPreparation(IServiceScopeFactory scopes, IWebHostEnvironment environment, TimeProvider time)
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

        if (!environment.IsDevelopment())
            return;
        var users = scope.ServiceProvider.GetRequiredService<UserManager<AppUser>>();
        foreach (var (email, name, role) in DemoAccounts)
        {
            if (await users.FindByNameAsync(email) is not null)
                continue;
            var user = new AppUser { UserName = email, Email = email, DisplayName = name, EmailConfirmed = true, CreatedAt = time.GetUtcNow().UtcDateTime };
            var created = await users.CreateAsync(user, DemoPassword);
            if (created.Succeeded)
                await users.AddToRoleAsync(user, role);
        }

        SignInHint = $"Demo accounts: {string.Join(", ", DemoAccounts.Select(a => a.Email))}; password {DemoPassword}";
    }
}
