using CampaignManager.Application.Data;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace CampaignManager.Application.Accounts;

/// <summary>A person's own account: everyone changes their own and nobody else's.</summary>
public sealed class ProfileService(IServiceScopeFactory scopes, ILogger<ProfileService> logger)
{
    public async Task<Outcome> SaveAsync(string name, string culture, string theme, Actor actor)
    {
        if (name?.Trim() is not { Length: > 0 and <= 100 } trimmed)
            return Failure.Invalid("name", "A name has 1 to 100 characters.");
        if (culture is not ("en" or "zh-CN") || theme is not ("light" or "dark" or "system"))
            return Failure.Invalid("culture", "This language or theme is not known.");
        return await ChangeAsync(actor, (users, user) =>
        {
            (user.DisplayName, user.Culture, user.Theme) = (trimmed, culture, theme);
            return users.UpdateAsync(user);
        });
    }

    /// <summary>Asks for the current password, so that an open screen is not enough; ends the person's other sessions.</summary>
    public async Task<Outcome> ChangePasswordAsync(string current, string wanted, Actor actor)
    {
        if (current == wanted)
            return Failure.Conflict("PasswordSame", "The new password is the old one.");
        var outcome = await ChangeAsync(actor, (users, user) =>
        {
            user.MustChangePassword = false;
            return users.ChangePasswordAsync(user, current, wanted);
        });
        if (outcome.Succeeded)
            logger.LogInformation("Audit: {Actor} ({ActorId}) changed their password", actor.Name, actor.Id);
        return outcome;
    }

    private async Task<Outcome> ChangeAsync(Actor actor, Func<UserManager<AppUser>, AppUser, Task<IdentityResult>> change)
    {
        await using var scope = scopes.CreateAsyncScope();
        var users = scope.ServiceProvider.GetRequiredService<UserManager<AppUser>>();
        if (await users.FindByIdAsync(actor.Id) is not { Disabled: false } user)
            return Failure.NotFound("The account");
        var result = await change(users, user);
        // Identity's codes name the sentence that the page shows.
        return result.Succeeded ? Outcome.Success : Failure.Conflict(result.Errors.First().Code, string.Join(' ', result.Errors.Select(e => e.Description)));
    }
}
