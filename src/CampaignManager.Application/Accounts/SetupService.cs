using System.Security.Cryptography;
using System.Text;
using CampaignManager.Application.Data;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace CampaignManager.Application.Accounts;

/// <summary>Gives a new shop what it begins with, once its first admin is made. Registered by a later room.</summary>
public delegate Task NewShop(CancellationToken cancellationToken);

public sealed record FirstAdmin(string Code, string Email, string Name, string Password, string Culture);

/// <summary>
/// The first admin of a new installation: made by whoever can read the log, with the code printed there at start. The code lives in memory only,
/// is compared in constant time, stops answering for a minute after five wrong tries, and dies with its first use.
/// </summary>
public sealed class SetupService(IServiceScopeFactory scopes, TimeProvider time, ILogger<SetupService> logger)
{
    /// <summary>Accounts below this name belong to the demo shop and do not count as people.</summary>
    public const string DemoDomain = "@demo";

    private const int TriesAllowed = 5;
    private static readonly TimeSpan LockedFor = TimeSpan.FromMinutes(1);
    private readonly Lock gate = new();
    private volatile string? code;
    private int wrongTries;
    private DateTimeOffset lockedUntil;

    /// <summary>Whether this installation has nobody yet.</summary>
    public bool Needed => code is not null;

    /// <summary>At start: makes a code when there is nobody; null when there is.</summary>
    public async Task<string?> PrepareAsync(CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        code = await AnyoneAsync(scope, cancellationToken) ? null : OneTimePassword.NewCode();
        return code;
    }

    public async Task<Outcome> CreateAdminAsync(FirstAdmin request, CancellationToken cancellationToken)
    {
        if (Try(request.Code) is { } refused)
            return refused;
        await using var scope = scopes.CreateAsyncScope();
        var users = scope.ServiceProvider.GetRequiredService<UserManager<AppUser>>();
        // The transaction holds the write lock from its start, so of two at once the later one finds the first one's admin.
        await using var transaction = await scope.ServiceProvider.GetRequiredService<AppDbContext>().Database.BeginTransactionAsync(cancellationToken);
        if (await AnyoneAsync(scope, cancellationToken))
        {
            code = null;
            return Failure.Conflict("setup-done", "The first admin has been made already.");
        }

        var email = request.Email.Trim();
        var user = new AppUser
        {
            UserName = email,
            Email = email,
            DisplayName = request.Name.Trim(),
            Culture = request.Culture,
            EmailConfirmed = true,
            CreatedAt = time.GetUtcNow().UtcDateTime,
        };
        if (email.EndsWith(DemoDomain, StringComparison.OrdinalIgnoreCase) || !email.Contains('@') || email.Length > 200 || !email.IsOneLine())
            return Failure.Invalid("email", "This is not an e-mail address.");
        if (PersonName.Of(user.DisplayName) is null)
            return Failure.Invalid("name", PersonName.Rule);
        var made = await users.CreateAsync(user, request.Password);
        if (!made.Succeeded)
            return Failure.Conflict(made.Errors.First().Code, string.Join(' ', made.Errors.Select(e => e.Description)));
        await users.AddToRolesAsync(user, Roles.All);
        await transaction.CommitAsync(cancellationToken);
        code = null;
        if (scope.ServiceProvider.GetService<NewShop>() is { } begin)
            await begin(cancellationToken);
        logger.LogInformation("Audit: the first admin {User} ({UserId}) was made with the setup code", user.Email, user.Id);
        return Outcome.Success;
    }

    private Failure? Try(string presented)
    {
        lock (gate)
        {
            if (code is not { } right)
                return Failure.Conflict("setup-done", "The first admin has been made already.");
            if (time.GetUtcNow() < lockedUntil)
                return Failure.Conflict("setup-locked", "Too many wrong codes. Wait a minute.");
            if (CryptographicOperations.FixedTimeEquals(HashOf(right), HashOf(presented.Trim().ToUpperInvariant())))
            {
                wrongTries = 0;
                return null;
            }

            if (++wrongTries >= TriesAllowed)
            {
                wrongTries = 0;
                lockedUntil = time.GetUtcNow() + LockedFor;
                logger.LogWarning("Audit: five wrong setup codes; setup is locked for a minute");
            }

            return Failure.Forbidden("This is not the code in the log.");
        }
    }

    private static async Task<bool> AnyoneAsync(AsyncServiceScope scope, CancellationToken cancellationToken) =>
        await scope.ServiceProvider.GetRequiredService<AppDbContext>().Users.AnyAsync(u => !u.UserName!.EndsWith(DemoDomain), cancellationToken);

    // Hashed first: then also the length is compared in constant time.
    private static byte[] HashOf(string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text));
}
