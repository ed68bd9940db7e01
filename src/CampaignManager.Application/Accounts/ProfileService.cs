using CampaignManager.Application.Data;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace CampaignManager.Application.Accounts;

/// <summary>A person's own account: everyone changes their own and nobody else's.</summary>
public sealed class ProfileService(IServiceScopeFactory scopes, SessionService sessions, ILogger<ProfileService> logger)
{
    public async Task<Outcome> SaveAsync(string name, string culture, string theme, Actor actor)
    {
        if (PersonName.Of(name) is not { } trimmed)
            return Failure.Invalid("name", PersonName.Rule);
        if (culture is not ("en" or "zh-CN") || theme is not ("light" or "dark" or "system"))
            return Failure.Invalid("culture", "This language or theme is not known.");
        return await ChangeAsync(actor, async (users, user) =>
        {
            (user.DisplayName, user.Culture, user.Theme) = (trimmed, culture, theme);
            return Refusal(await users.UpdateAsync(user));
        });
    }

    /// <summary>
    /// Asks for the current password, so that an open screen is not enough: wrong ones count as at the sign-in. Ends the person's sessions.
    /// </summary>
    public async Task<Outcome> ChangePasswordAsync(string current, string wanted, Actor actor)
    {
        if (current == wanted)
            return Failure.Conflict("PasswordSame", "The new password is the old one.");
        IReadOnlyList<Guid> ended = [];
        var outcome = await ChangeAsync(actor, async (users, user) =>
        {
            if (await users.IsLockedOutAsync(user))
                return Failure.Conflict("LockedOut", "Too many tries. Wait ten minutes, or ask an admin.");
            if (!await users.CheckPasswordAsync(user, current))
            {
                await users.AccessFailedAsync(user);
                logger.LogWarning("Audit: {Actor} ({ActorId}) gave a wrong current password", actor.Name, actor.Id);
                return Failure.Conflict("PasswordMismatch", "The current password is not right.");
            }

            user.MustChangePassword = false;
            return Refusal(await users.ChangePasswordAsync(user, current, wanted));
        }, async context => ended = await SessionService.EndAllAsync(context, actor.Id, CancellationToken.None));
        sessions.Tell(ended);
        if (outcome.Succeeded)
            logger.LogInformation("Audit: {Actor} ({ActorId}) changed their password", actor.Name, actor.Id);
        return outcome;
    }

    private async Task<Outcome> ChangeAsync(
        Actor actor, Func<UserManager<AppUser>, AppUser, Task<Failure?>> change, Func<AppDbContext, Task>? onDone = null)
    {
        await using var scope = scopes.CreateAsyncScope();
        var users = scope.ServiceProvider.GetRequiredService<UserManager<AppUser>>();
        if (await users.FindByIdAsync(actor.Id) is not { Disabled: false } user)
            return Failure.NotFound("The account");
        if (await change(users, user) is { } failure)
            return failure;
        if (onDone is not null)
            await onDone(scope.ServiceProvider.GetRequiredService<AppDbContext>());
        return Outcome.Success;
    }

    // Identity's codes name the sentence that the page shows.
    private static Failure? Refusal(IdentityResult result) =>
        result.Succeeded ? null : Failure.Conflict(result.Errors.First().Code, string.Join(' ', result.Errors.Select(e => e.Description)));
}
