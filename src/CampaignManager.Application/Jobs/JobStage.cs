namespace CampaignManager.Application.Jobs;

/// <summary>
/// Where a running job is. A job declares its own beside itself and names all of them in its <see cref="JobKind"/>; here are those that several jobs
/// come through. Every one has words for the pages (<c>Stage_</c> and its name, in the texts of its feature or of all jobs), in every language.
/// </summary>
/// <param name="name">Kebab-case, as it stands on the run and in the API.</param>
public sealed class JobStage(string name)
{
    public static readonly JobStage Features = new("features");

    public static readonly JobStage Segments = new("segments");

    public static readonly JobStage TrainingTable = new("training-table");

    public static readonly JobStage PreparingFeatures = new("preparing-features");

    public static readonly JobStage LoadingData = new("loading-data");

    public static readonly JobStage Training = new("training");

    public static readonly JobStage Evaluating = new("evaluating");

    public static readonly JobStage Saving = new("saving");

    public static readonly JobStage Planner = new("planner");

    public static readonly JobStage Scoring = new("scoring");

    public string Name() => name;

    public override string ToString() => name;
}
