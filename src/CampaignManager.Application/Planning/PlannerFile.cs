using System.Text.Json;
using CampaignManager.Engine.Offers;
using CampaignManager.Engine.Planning;

namespace CampaignManager.Application.Planning;

/// <summary>Keeps a <see cref="PlannerModel"/> as <see cref="Name"/> in the version's folder; immutable once written.</summary>
public static class PlannerFile
{
    public const string Name = "planner.json";

    public static async Task SaveAsync(PlannerModel model, string path, CancellationToken cancellationToken)
    {
        await using var stream = File.Create(path);
        await JsonSerializer.SerializeAsync(stream, model, RulesJson.Options, cancellationToken);
    }

    public static async Task<PlannerModel> LoadAsync(string path, CancellationToken cancellationToken)
    {
        await using var stream = File.OpenRead(path);
        return await JsonSerializer.DeserializeAsync<PlannerModel>(stream, RulesJson.Options, cancellationToken)
            ?? throw new InvalidDataException($"{Name} is empty.");
    }
}
