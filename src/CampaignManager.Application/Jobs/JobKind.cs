namespace CampaignManager.Application.Jobs;

/// <summary>
/// A kind of job, declared beside its class and registered with it by <see cref="JobServices.AddJob{TJob}"/>: the one line that a new job adds
/// elsewhere in the application. What pages know of it (its page, the editor of its schedule, its words) stands with its feature in the web project.
/// </summary>
/// <param name="Name">Kebab-case, as it stands on the run.</param>
/// <param name="Stages">Where it reports to be.</param>
public sealed record JobKind(string Name, params IReadOnlyList<JobStage> Stages);
