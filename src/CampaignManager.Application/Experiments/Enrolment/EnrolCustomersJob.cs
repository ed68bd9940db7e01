using CampaignManager.Application.Jobs;

namespace CampaignManager.Application.Experiments.Enrolment;

/// <summary>Nothing to choose: all live campaigns.</summary>
public sealed record EnrolCustomers;

/// <summary>Enrols the audiences of live campaigns. Run twice, at once or after a kill, everybody is in once.</summary>
internal sealed class EnrolCustomersJob(AudienceEnrolment audience) : IJob
{
    public const string Kind = "enrol-customers";

    private static readonly JobStage Enrolling = new("enrolling-customers");

    public static readonly JobKind Declared = new(Kind, Enrolling);

    /// <param name="Enrolled">Entries that were written.</param>
    public sealed record Result(long Enrolled);

    public async Task<object?> RunAsync(JobContext context, CancellationToken cancellationToken)
    {
        await context.ReportAsync(Enrolling, 0, cancellationToken);
        return new Result(await audience.RunAsync(done => context.ReportAsync(Enrolling, done, cancellationToken), cancellationToken));
    }
}
