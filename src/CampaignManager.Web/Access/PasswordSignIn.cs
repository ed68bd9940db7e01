using CampaignManager.Application.Accounts;
using CampaignManager.Application.Data;
using Microsoft.AspNetCore.Identity;

namespace CampaignManager.Web.Access;

/// <summary>
/// Signing in with a password. Whoever tries hears one sentence after one time, whether there is such an account or not, locked or
/// disabled; the log's audit lines say which it was.
/// </summary>
public sealed class PasswordSignIn(
    SignInManager<AppUser> signIn, UserManager<AppUser> users, SignInLimit limit, TimeProvider time, ILogger<PasswordSignIn> logger)
{
    /// <summary>A refusal takes so long, longer than looking up and writing down: what was done in it must not show.</summary>
    public static readonly TimeSpan RefusalTakes = TimeSpan.FromMilliseconds(400);

    // Longer ones are nobody's, and a hash of megabytes would cost.
    private const int LongestPassword = 500;

    private static readonly AppUser Nobody = new() { DisplayName = "" };

    /// <returns>Who has signed in; null for a refusal.</returns>
    public async Task<AppUser?> TryAsync(string email, string password, bool remember, string address)
    {
        var refusal = Task.Delay(RefusalTakes, time);
        var (user, why) = await CheckAsync(email, password.Length > LongestPassword ? "" : password, address);
        if (why is null)
        {
            limit.Forgive(address);
            await signIn.SignInAsync(user!, remember);
            logger.LogInformation("Audit: {User} ({UserId}) signed in from {Address}", user!.Email, user.Id, address);
            return user;
        }

        limit.Note(address);
        logger.LogWarning("Audit: sign-in of {Email} from {Address} was refused: {Reason}", Shortened(email), address, why);
        await refusal;
        return null;
    }

    private async Task<(AppUser? User, string? Why)> CheckAsync(string email, string password, string address)
    {
        var user = email.Length > 256 ? null : await users.FindByNameAsync(email.Trim());
        var why = limit.IsOver(address) ? "too many tries from this address"
            : user is null ? "no such account"
            : user.Disabled ? "the account is disabled"
            : await users.IsLockedOutAsync(user) ? "the account is locked"
            : null;
        if (why is not null || user is null)
        {
            // As much work as looking at a password.
            users.PasswordHasher.HashPassword(Nobody, password);
            return (null, why);
        }

        if (await users.CheckPasswordAsync(user, password))
        {
            await users.ResetAccessFailedCountAsync(user);
            return (user, null);
        }

        await users.AccessFailedAsync(user);
        if (await users.IsLockedOutAsync(user))
            logger.LogWarning("Audit: {User} ({UserId}) is locked until {Until} after wrong passwords", user.Email, user.Id,
                user.LockoutEnd);
        return (null, "wrong password");
    }

    private static string Shortened(string text) => text.Length > 100 ? text[..100] : text;
}
