using System.Text.RegularExpressions;
using CampaignManager.Application.Data;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace CampaignManager.Application.Accounts;

public sealed record NewUser(string Email, string Name, IReadOnlyCollection<string> Roles, string Culture = "en");

/// <summary>A password made for someone, seen this once; they choose their own when they sign in with it.</summary>
public sealed record IssuedPassword(string UserId, string Email, string Password);

/// <summary>
/// Accounts, as admins keep them. Nobody takes their own rights away, and one admin always remains; both are decided inside the transaction that
/// writes. Whatever takes rights away renews the security stamp, and with it end the person's sessions.
/// </summary>
public sealed partial class UserService(
    IServiceScopeFactory scopes, SessionService sessions, TimeProvider time, ILogger<UserService> logger)
{
    public async Task<Outcome<IssuedPassword>> CreateAsync(NewUser request, Actor actor, CancellationToken cancellationToken)
    {
        if (NotAdmin(actor) is { } refused)
            return refused;
        var email = request.Email?.Trim() ?? "";
        if (Check(email, request.Name, request.Roles) is { } failure)
            return failure;

        await using var scope = scopes.CreateAsyncScope();
        var users = scope.ServiceProvider.GetRequiredService<UserManager<AppUser>>();
        if (await users.FindByNameAsync(email) is not null)
            return Failure.Conflict("email-taken", "There is an account with this e-mail already.");
        var user = new AppUser
        {
            UserName = email,
            Email = email,
            DisplayName = request.Name.Trim(),
            Culture = request.Culture,
            EmailConfirmed = true,
            MustChangePassword = true,
            CreatedAt = time.GetUtcNow().UtcDateTime,
        };
        var password = OneTimePassword.New();
        await using var transaction = await BeginAsync(scope, cancellationToken);
        if (Refusal(await users.CreateAsync(user, password)) is { } notMade)
            return notMade;
        await users.AddToRolesAsync(user, Known(request.Roles));
        await transaction.CommitAsync(cancellationToken);
        Audit(actor, "made", user, string.Join(' ', Known(request.Roles)));
        return new IssuedPassword(user.Id, email, password);
    }

    /// <summary>Changes name, roles and whether they see customers. Changed roles and rights end the person's sessions, so that they hold at once.</summary>
    /// <param name="id">Whose account.</param>
    /// <param name="name">What they are called.</param>
    /// <param name="roles">At least one.</param>
    /// <param name="actor">An admin.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <param name="seesCustomers">Grants the right to see customers or takes it away; null leaves it as it is.</param>
    public async Task<Outcome> UpdateAsync(
        string id, string name, IReadOnlyCollection<string> roles, Actor actor, CancellationToken cancellationToken, bool? seesCustomers = null)
    {
        if (Check(null, name, roles) is { } failure)
            return failure;
        AuditAction? granted = null;
        return await ChangeAsync(id, actor, "gave new roles to", async (users, user) =>
        {
            var wanted = Known(roles);
            var had = await users.GetRolesAsync(user);
            if (had.Contains(Roles.Admin) && !wanted.Contains(Roles.Admin) && await WhyNotAsync(users, user, actor) is { } refused)
                return refused;
            user.DisplayName = name.Trim();
            await users.RemoveFromRolesAsync(user, had.Except(wanted));
            await users.AddToRolesAsync(user, wanted.Except(had));
            granted = await GrantAsync(users, user, seesCustomers);
            return Refusal(granted is null && had.ToHashSet().SetEquals(wanted) ? await users.UpdateAsync(user) : await users.UpdateSecurityStampAsync(user));
        }, cancellationToken, user => granted is { } what ? AuditLog.Entry(what, user.Email ?? user.Id, null, actor, time.GetUtcNow()) : null);
    }

    /// <returns>What became of the right; null when it is as it was.</returns>
    private static async Task<AuditAction?> GrantAsync(UserManager<AppUser> users, AppUser user, bool? seesCustomers)
    {
        var had = (await users.GetClaimsAsync(user)).Where(c => c is { Type: Rights.ClaimType, Value: Rights.Customers }).ToList();
        if (seesCustomers is not { } wanted || had.Count > 0 == wanted)
            return null;
        if (wanted)
            await users.AddClaimAsync(user, Rights.CustomersClaim);
        else
            await users.RemoveClaimsAsync(user, had);
        return wanted ? AuditAction.RightGranted : AuditAction.RightTaken;
    }

    public Task<Outcome> DisableAsync(string id, Actor actor, CancellationToken cancellationToken) =>
        ChangeAsync(id, actor, "disabled", async (users, user) =>
        {
            if (await WhyNotAsync(users, user, actor) is { } refused)
                return refused;
            user.Disabled = true;
            return Refusal(await users.UpdateSecurityStampAsync(user));
        }, cancellationToken);

    public Task<Outcome> EnableAsync(string id, Actor actor, CancellationToken cancellationToken) =>
        ChangeAsync(id, actor, "enabled", async (users, user) =>
        {
            user.Disabled = false;
            await users.SetLockoutEndDateAsync(user, null);
            await users.ResetAccessFailedCountAsync(user);
            return Refusal(await users.UpdateAsync(user));
        }, cancellationToken);

    /// <summary>A new password, seen this once; it also ends the person's sessions and lifts a lockout.</summary>
    public async Task<Outcome<IssuedPassword>> ResetPasswordAsync(string id, Actor actor, CancellationToken cancellationToken)
    {
        if (id == actor.Id)
            return Failure.Conflict("own-account", "Change your own password on your profile page.");
        var password = OneTimePassword.New();
        var email = "";
        var outcome = await ChangeAsync(id, actor, "reset the password of", async (users, user) =>
        {
            email = user.Email!;
            user.MustChangePassword = true;
            await users.SetLockoutEndDateAsync(user, null);
            await users.ResetAccessFailedCountAsync(user);
            return Refusal(await users.ResetPasswordAsync(user, await users.GeneratePasswordResetTokenAsync(user), password));
        }, cancellationToken);
        return outcome.Succeeded ? new IssuedPassword(id, email, password) : outcome.Failure;
    }

    private async Task<Outcome> ChangeAsync(
        string id, Actor actor, string deed, Func<UserManager<AppUser>, AppUser, Task<Failure?>> change, CancellationToken cancellationToken,
        Func<AppUser, AuditEntry?>? written = null)
    {
        if (NotAdmin(actor) is { } refused)
            return refused;
        await using var scope = scopes.CreateAsyncScope();
        var users = scope.ServiceProvider.GetRequiredService<UserManager<AppUser>>();
        await using var transaction = await BeginAsync(scope, cancellationToken);
        if (await users.FindByIdAsync(id) is not { } user)
            return Failure.NotFound("The user");
        var stamp = user.SecurityStamp;
        if (await change(users, user) is { } failure)
            return failure;
        var context = scope.ServiceProvider.GetRequiredService<AppDbContext>();
        if (written?.Invoke(user) is { } entry)
        {
            context.Add(entry);
            await context.SaveChangesAsync(cancellationToken);
        }

        var ended = user.SecurityStamp == stamp ? [] : await SessionService.EndAllAsync(context, user.Id, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        sessions.Tell(ended);
        Audit(actor, deed, user, string.Join(' ', await users.GetRolesAsync(user)));
        return Outcome.Success;
    }

    // SQLite's transactions take the write lock at once, so no other admin can change anything between the check and the write.
    private static async Task<Microsoft.EntityFrameworkCore.Storage.IDbContextTransaction> BeginAsync(AsyncServiceScope scope, CancellationToken cancellationToken) =>
        await scope.ServiceProvider.GetRequiredService<AppDbContext>().Database.BeginTransactionAsync(cancellationToken);

    private static async Task<Failure?> WhyNotAsync(UserManager<AppUser> users, AppUser user, Actor actor)
    {
        if (user.Id == actor.Id)
            return Failure.Conflict("own-account", "Nobody disables themself or gives up their own admin role; ask another admin.");
        var admins = await users.GetUsersInRoleAsync(Roles.Admin);
        return admins.Any(a => a.Id == user.Id) && !admins.Any(a => a.Id != user.Id && !a.Disabled)
            ? Failure.Conflict("last-admin", "This is the last admin. Make another one first.")
            : null;
    }

    private static Failure? NotAdmin(Actor actor) => actor.Is(Roles.Admin) ? null : Failure.Forbidden("Only an admin keeps accounts.");

    private static Failure? Check(string? newEmail, string? name, IReadOnlyCollection<string> roles)
    {
        var errors = new Dictionary<string, string[]>();
        if (newEmail is not null && (!Email().IsMatch(newEmail) || newEmail.Length > 200 || !newEmail.IsOneLine()))
            errors["email"] = ["This is not an e-mail address."];
        if (PersonName.Of(name) is null)
            errors["name"] = [PersonName.Rule];
        if (Known(roles).Count == 0 || roles.Any(r => !Roles.All.Contains(r)))
            errors["roles"] = ["Choose at least one role: Marketer, Manager, Admin."];
        return errors.Count == 0 ? null : Failure.Invalid(errors);
    }

    private static List<string> Known(IReadOnlyCollection<string> roles) => Roles.All.Where(roles.Contains).ToList();

    private static Failure? Refusal(IdentityResult result) =>
        result.Succeeded ? null : Failure.Invalid("user", string.Join(' ', result.Errors.Select(e => e.Description)));

    private void Audit(Actor actor, string deed, AppUser user, string roles) =>
        logger.LogInformation("Audit: {Actor} ({ActorId}) {Deed} {User} ({UserId}); roles {Roles}", actor.Name, actor.Id, deed, user.Email, user.Id, roles);

    [GeneratedRegex(@"^[^@\s]+@[^@\s]+$")]
    private static partial Regex Email();
}
