using CampaignManager.Application.Jobs;

namespace CampaignManager.Application.Offers;

public sealed record ExpiredReservations(int Expired);

/// <summary>The same as the clock does every few seconds, for who wants it on a schedule or in the runs' history.</summary>
public sealed class ExpireReservationsJob(RedemptionLife life) : IJob
{
    public const string Kind = "expire-reservations";

    public static readonly JobKind Declared = new(Kind);

    public async Task<object?> RunAsync(JobContext context, CancellationToken cancellationToken) => new ExpiredReservations(await life.ExpireAsync(cancellationToken));
}
