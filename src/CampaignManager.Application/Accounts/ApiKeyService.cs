using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using CampaignManager.Application.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;

namespace CampaignManager.Application.Accounts;

/// <param name="Name">What the key is for, as people will recognise it in the list.</param>
/// <param name="Scopes">At least one of <see cref="Accounts.Scopes.All"/>.</param>
/// <param name="Sandbox">A sandbox key redeems nothing for real.</param>
public sealed record NewApiKey(string Name, IReadOnlyCollection<string> Scopes, bool Sandbox = false)
{
    /// <summary>Of a publishable key: the pages that may use it.</summary>
    public IReadOnlyList<string> Origins { get; init; } = [];

    /// <inheritdoc cref="IngestKey.CallsPerMinute"/>
    public int CallsPerMinute { get; init; } = IngestKey.UsualCalls;
}

/// <summary>The only time the key itself is seen.</summary>
public sealed record CreatedApiKey(Guid Id, string Name, string Key);

public sealed record ApiKeyRow(
    Guid Id, string Name, string Prefix, string Scopes, bool Sandbox, string? CreatedBy, DateTime CreatedAt, DateTime? LastUsedAt, DateTime? RevokedAt)
{
    /// <summary>The key itself, where it is publishable.</summary>
    public string? Publishable { get; init; }

    public string? Origins { get; init; }

    /// <inheritdoc cref="IngestKey.CallsPerMinute"/>
    public int? CallsPerMinute { get; init; }
}

/// <param name="Origins">Separated by spaces.</param>
public sealed record PublishableKey(Guid Id, string Name, string Key, string Origins);

/// <summary>Who a presented key belongs to.</summary>
public sealed record KnownApiKey(Guid Id, string Name, IReadOnlyList<string> Scopes, bool Sandbox)
{
    /// <summary>Null: a server's key.</summary>
    public IngestKey? Ingest { get; init; }
}

/// <summary>Keys for scripts and the shop: made and revoked by admins, recognised by their hash.</summary>
public sealed class ApiKeyService(IDbContextFactory<AppDbContext> contexts, TimeProvider time, ILogger<ApiKeyService> logger)
{
    private const string Mark = "cm_";

    /// <summary>How publishable keys begin: whoever finds one in a page sees that it may stand there.</summary>
    public const string PublishableMark = "cm_pub_";

    private const int PrefixLength = 11;
    private static readonly TimeSpan WriteUseEvery = TimeSpan.FromMinutes(1);

    // A checkout asks hundreds of times a second with one key. Revoking on this node is seen at once, on another within this time.
    private static readonly TimeSpan RememberFor = TimeSpan.FromMilliseconds(500);

    private readonly ConcurrentDictionary<string, Remembered> remembered = new(StringComparer.Ordinal);
    private volatile Allowed? origins;

    public async Task<Outcome<CreatedApiKey>> CreateAsync(NewApiKey request, Actor actor, CancellationToken cancellationToken)
    {
        if (!actor.Is(Roles.Admin))
            return Failure.Forbidden("Only an admin makes API keys.");
        if (Check(request) is { } failure)
            return failure;

        var isPublishable = request.Scopes.Contains(Scopes.Ingest);
        var key = (isPublishable ? PublishableMark : Mark) + Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)).TrimEnd('=').Replace('+', '-').Replace('/', '_');
        var now = time.GetUtcNow();
        var row = new ApiKey
        {
            Id = Guid.CreateVersion7(now),
            Name = request.Name.Trim(),
            Prefix = key[..(PrefixLength + (isPublishable ? PublishableMark.Length - Mark.Length : 0))],
            Hash = HashOf(key),
            Scopes = string.Join(' ', Scopes.All.Where(request.Scopes.Contains)),
            Sandbox = request.Sandbox,
            Publishable = isPublishable ? key : null,
            Origins = isPublishable ? IngestKey.Stored(request.Origins) : null,
            CallsPerMinute = isPublishable ? request.CallsPerMinute : null,
            CreatedBy = actor.Name,
            CreatedAt = now.UtcDateTime,
        };
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        context.ApiKeys.Add(row);
        await context.SaveChangesAsync(cancellationToken);
        origins = null;
        logger.LogInformation("Audit: {Actor} ({ActorId}) made API key {Key} ({KeyId}) with scopes {Scopes}", actor.Name, actor.Id, row.Name, row.Id, row.Scopes);
        return new CreatedApiKey(row.Id, row.Name, key);
    }

    /// <summary>Revoking twice is no error: the key is out of use either way.</summary>
    public async Task<Outcome> RevokeAsync(Guid id, Actor actor, CancellationToken cancellationToken)
    {
        if (!actor.Is(Roles.Admin))
            return Failure.Forbidden("Only an admin revokes API keys.");
        var now = time.GetUtcNow().UtcDateTime;
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var revoked = await context.ApiKeys.Where(k => k.Id == id && k.RevokedAt == null)
            .ExecuteUpdateAsync(s => s.SetProperty(k => k.RevokedAt, now), cancellationToken);
        remembered.Clear();
        origins = null;
        if (revoked == 0)
            return await context.ApiKeys.AnyAsync(k => k.Id == id, cancellationToken) ? Outcome.Success : Failure.NotFound("The API key");
        logger.LogInformation("Audit: {Actor} ({ActorId}) revoked API key {KeyId}", actor.Name, actor.Id, id);
        return Outcome.Success;
    }

    /// <summary>Another secret for the tokens of a publishable key: those that the earlier one signed are worth nothing at once.</summary>
    /// <returns>The secret's version.</returns>
    public async Task<Outcome<int>> RotateTokenSecretAsync(Guid id, Actor actor, CancellationToken cancellationToken)
    {
        if (!actor.Is(Roles.Admin))
            return Failure.Forbidden("Only an admin makes a new token secret.");
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        await using var transaction = await context.Database.BeginTransactionAsync(cancellationToken);
        var rotated = await context.ApiKeys.Where(k => k.Id == id && k.RevokedAt == null && k.Publishable != null)
            .ExecuteUpdateAsync(s => s.SetProperty(k => k.TokenVersion, k => k.TokenVersion + 1), cancellationToken);
        if (rotated == 0)
            return Failure.NotFound("The publishable key");
        var version = await context.ApiKeys.Where(k => k.Id == id).Select(k => k.TokenVersion).SingleAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        remembered.Clear();
        logger.LogInformation("Audit: {Actor} ({ActorId}) made a new token secret for API key {KeyId}", actor.Name, actor.Id, id);
        return version;
    }

    /// <summary>Other pages for a publishable key, and how often they may call: a shop that moves needs no other key in its pages. In force at once.</summary>
    public async Task<Outcome> ChangePagesAsync(Guid id, IReadOnlyList<string> pages, int callsPerMinute, Actor actor, CancellationToken cancellationToken)
    {
        if (!actor.Is(Roles.Admin))
            return Failure.Forbidden("Only an admin changes the pages of a key.");
        if (IngestKey.CheckPages(pages, callsPerMinute) is { } failure)
            return failure;
        var stored = IngestKey.Stored(pages);
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var changed = await context.ApiKeys.Where(k => k.Id == id && k.RevokedAt == null && k.Publishable != null)
            .ExecuteUpdateAsync(s => s.SetProperty(k => k.Origins, stored).SetProperty(k => k.CallsPerMinute, callsPerMinute), cancellationToken);
        remembered.Clear();
        origins = null;
        if (changed == 0)
            return Failure.NotFound("The publishable key");
        logger.LogInformation("Audit: {Actor} ({ActorId}) changed the pages of API key {KeyId} to {Origins}, {Calls} calls a minute", actor.Name, actor.Id, id, stored, callsPerMinute);
        return Outcome.Success;
    }

    /// <summary>Publishable keys in use, the newest first: no secrets, for the snippets that people copy.</summary>
    public async Task<IReadOnlyList<PublishableKey>> PublishableAsync(CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        return await context.ApiKeys.Where(k => k.Publishable != null && k.RevokedAt == null).OrderByDescending(k => k.CreatedAt).ThenBy(k => k.Id)
            .Select(k => new PublishableKey(k.Id, k.Name, k.Publishable!, k.Origins!)).ToListAsync(cancellationToken);
    }

    /// <summary>The pages that some publishable key allows: a browser asks before it sends one.</summary>
    public async Task<IReadOnlySet<string>> OriginsAsync(CancellationToken cancellationToken)
    {
        var at = time.GetUtcNow();
        if (origins is { } known && (at - known.At).Duration() < RememberFor)
            return known.All;
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var rows = await context.ApiKeys.Where(k => k.Publishable != null && k.RevokedAt == null).Select(k => k.Origins!).ToListAsync(cancellationToken);
        origins = new Allowed(rows.SelectMany(o => o.Split(' ')).ToHashSet(StringComparer.Ordinal), at);
        return origins.All;
    }

    public async Task<Outcome<Paged<ApiKeyRow>>> ListAsync(PageRequest page, Actor actor, CancellationToken cancellationToken)
    {
        if (!actor.Is(Roles.Admin))
            return Failure.Forbidden("Only an admin sees API keys.");
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var keys = context.ApiKeys.AsNoTracking();
        if (page.Query?.Trim() is { Length: > 0 } text)
            keys = keys.Where(k => EF.Functions.Like(k.Name, Like.Contains(text), Like.Escape) || EF.Functions.Like(k.Prefix, Like.Contains(text), Like.Escape));
        var sorted = (page.SortKey, page.Descending) switch
        {
            ("name", false) => keys.OrderBy(k => k.Name),
            ("name", true) => keys.OrderByDescending(k => k.Name),
            ("lastUsedAt", false) => keys.OrderBy(k => k.LastUsedAt),
            ("lastUsedAt", true) => keys.OrderByDescending(k => k.LastUsedAt),
            ("createdAt", false) => keys.OrderBy(k => k.CreatedAt),
            _ => keys.OrderByDescending(k => k.CreatedAt),
        };
        var items = await sorted.ThenBy(k => k.Id).Skip(page.Skip).Take(page.Take)
            .Select(k => new ApiKeyRow(k.Id, k.Name, k.Prefix, k.Scopes, k.Sandbox, k.CreatedBy, k.CreatedAt, k.LastUsedAt, k.RevokedAt) { Publishable = k.Publishable, Origins = k.Origins, CallsPerMinute = k.CallsPerMinute })
            .ToListAsync(cancellationToken);
        return new Paged<ApiKeyRow>(items, await keys.CountAsync(cancellationToken));
    }

    /// <summary>The key's owner, or null when it is unknown or revoked. Its last use is written down at most once a minute.</summary>
    public async Task<KnownApiKey?> RecogniseAsync(string key, CancellationToken cancellationToken)
    {
        if (!key.StartsWith(Mark, StringComparison.Ordinal) || key.Length > 200)
            return null;
        var hash = HashOf(key);
        var at = time.GetUtcNow();
        if (remembered.TryGetValue(hash, out var last) && (at - last.At).Duration() < RememberFor)
            return last.Key;
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var row = await context.ApiKeys.AsNoTracking().SingleOrDefaultAsync(k => k.Hash == hash && k.RevokedAt == null, cancellationToken);
        if (row is null)
        {
            remembered.TryRemove(hash, out _);
            return null;
        }

        var now = at.UtcDateTime;
        var before = now - WriteUseEvery;
        if (row.LastUsedAt is null || row.LastUsedAt <= before)
        {
            await context.ApiKeys.Where(k => k.Id == row.Id && (k.LastUsedAt == null || k.LastUsedAt <= before))
                .ExecuteUpdateAsync(s => s.SetProperty(k => k.LastUsedAt, now), cancellationToken);
        }

        var known = new KnownApiKey(row.Id, row.Name, row.Scopes.Split(' '), row.Sandbox) { Ingest = row.Ingest };
        remembered[hash] = new Remembered(known, at);
        return known;
    }

    /// <param name="At">Before it was read: what is revoked in between must not be remembered as good for longer.</param>
    private sealed record Remembered(KnownApiKey Key, DateTimeOffset At);

    private sealed record Allowed(IReadOnlySet<string> All, DateTimeOffset At);

    private static Failure? Check(NewApiKey request)
    {
        if (PersonName.Of(request.Name) is null)
            return Failure.Invalid("name", "A key needs a name of at most 100 characters, none of them a control character.");
        if (request.Scopes is not { Count: > 0 })
            return Failure.Invalid("scopes", $"Choose at least one scope: {string.Join(", ", Scopes.All)}.");
        var unknown = request.Scopes.FirstOrDefault(s => !Scopes.All.Contains(s));
        return unknown is null ? IngestKey.Check(request) : Failure.Invalid("scopes", $"There is no scope '{unknown}'. Scopes are: {string.Join(", ", Scopes.All)}.");
    }

    private static string HashOf(string key) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)));
}
