using System.Text.Json;
using CampaignManager.Application.Accounts;
using CampaignManager.Application.Data;
using CampaignManager.Application.Jobs;
using CampaignManager.Application.ShopData.Keys;
using CampaignManager.Application.ShopData.Writing;

namespace CampaignManager.Application.ShopData.Erasure;

/// <summary>A person's request to be erased, as admins see it; whose it was is kept nowhere.</summary>
public sealed record ErasureView(Guid Id, JobState State, double Progress, DateTime RequestedAt, DateTime? FinishedAt, ErasedFigures? Erased, string? Error);

/// <summary>Erases people from behaviour data. Admins only; the audit log keeps a keyed hash.</summary>
public sealed class ErasureService(JobService jobs, MasterKey master, IPersonKeys keys, CallerIds callers, ErasureKey hashes, AuditLog audit)
{
    private const int LongestId = 200;

    /// <param name="actor">Who asks.</param>
    /// <param name="customerId">Any id of theirs as the shop has it: its own, an e-mail address, a phone number, or a pseudonym.</param>
    /// <param name="cancellationToken">Stops the asking, not the job.</param>
    public async Task<Outcome<Guid>> StartAsync(Actor actor, string? customerId, CancellationToken cancellationToken)
    {
        if (!actor.Is(Roles.Admin))
            return Failure.Forbidden("Only an admin erases people.");
        var id = customerId?.Trim();
        if (string.IsNullOrEmpty(id) || id.Length > LongestId || !id.IsOneLine())
            return Failure.Invalid("customerId", $"Say whom to erase: an id of 1 to {LongestId} characters.");
        // Whether files had the address as an id or made a pseudonym of it; and a number that only the setting makes one.
        var kept = PersonId.KindOf(id) is { } kind ? keys.Pseudonym(kind, id) : await callers.OfAsync(id, cancellationToken);
        HashSet<string> ids = [id, kept];
        await audit.WriteAsync(AuditAction.PersonErased, hashes.HashOf(kept)[..16], null, actor, cancellationToken);
        return await jobs.StartAsync(ErasePersonJob.Kind, new ErasePerson(master.Protect(JsonSerializer.Serialize(ids), ErasePersonJob.Purpose)), actor, cancellationToken);
    }

    public async Task<Outcome<ErasureView>> FindAsync(Actor actor, Guid id, CancellationToken cancellationToken)
    {
        if (!actor.Is(Roles.Admin))
            return Failure.Forbidden("Only an admin sees who was erased.");
        return await jobs.FindAsync(id, cancellationToken) is { Kind: ErasePersonJob.Kind } run ? Of(run) : Failure.NotFound("The request");
    }

    /// <summary>The newest requests.</summary>
    public async Task<IReadOnlyList<ErasureView>> ListAsync(CancellationToken cancellationToken) =>
        [.. (await jobs.ListAsync(ErasePersonJob.Kind, new PageRequest(PageSize: 10), cancellationToken)).Items.Select(Of)];

    private static ErasureView Of(JobRun run) => new(
        run.Id, run.State, run.Progress, run.CreatedAt, run.FinishedAt,
        run.Result is { } result ? JsonSerializer.Deserialize<ErasedFigures>(result, JsonSerializerOptions.Web) : null, run.Error);
}
