using System.Globalization;
using CampaignManager.Application.Audiences;
using CampaignManager.Application.Behaviour;
using CampaignManager.Application.Lake;
using CampaignManager.Application.Settings;
using CampaignManager.Application.Uplift.Models;
using CampaignManager.Engine.Planning;
using DuckDB.NET.Data;

namespace CampaignManager.Application.Planning;

/// <summary>The planner of the shop's champion over the customers of now; kept until either changes.</summary>
public sealed class PlannerSource(DataLake lake, ModelStore models, ModelService registry, SettingsService settings) : IDisposable
{
    private readonly SemaphoreSlim gate = new(1, 1);
    private Planner? current;
    private ModelManifest? manifest;
    private AmountUnit sampleUnit;
    private (DateTime Features, DateTime Segments) sampleWrittenAt;

    /// <summary>Fails while the shop has no trained model or no features yet, and when the model's file is torn or of an earlier release.</summary>
    public async Task<Outcome<Planner>> GetAsync(CancellationToken cancellationToken)
    {
        if (await registry.ChampionAsync(ModelVersion.ShopScope, cancellationToken) is not { Id: var champion })
            return NoEffectModel.Failure;
        var features = lake.PathTo(CustomerFeatures.CurrentFile);
        if (!File.Exists(features))
            return NoEffectModel.Failure;
        var writtenAt = (File.GetLastWriteTimeUtc(features), File.GetLastWriteTimeUtc(lake.PathTo(SegmentService.CurrentFile)));

        var unit = AmountUnit.Of(await settings.GetAsync(cancellationToken));

        await gate.WaitAsync(cancellationToken);
        try
        {
            if (current is null || current.Model.ModelId != champion || sampleWrittenAt != writtenAt)
            {
                var path = await models.VerifiedPathAsync(champion, PlannerFile.Name, cancellationToken);
                var model = await PlannerFile.LoadAsync(path, cancellationToken);
                if (!Planner.Knows(model))
                {
                    throw new ModelDamagedException(
                        champion, PlannerFile.Name, "was written by an earlier release, which described campaigns otherwise");
                }

                current = new Planner(model, ReadSample(model.Categories, Origin(writtenAt.Item1, writtenAt.Item2)));
                (manifest, sampleUnit) = (await models.ManifestAsync(champion, cancellationToken), lake.UnitOf(CustomerFeatures.CurrentFile));
                sampleWrittenAt = writtenAt;
            }

            if (!manifest!.CountsIn(unit))
                return ModelService.OtherAmounts;
            return sampleUnit == unit ? current : PredictionService.FeaturesOtherAmounts;
        }
        catch (ModelDamagedException damage)
        {
            return Failure.Conflict("model-damaged", damage.Message);
        }
        finally
        {
            gate.Release();
        }
    }

    public void Dispose() => gate.Dispose();

    private static string Origin(DateTime features, DateTime segments) =>
        string.Create(CultureInfo.InvariantCulture, $"{features.Ticks}-{segments.Ticks}");

    private AudienceSample ReadSample(IReadOnlyList<string> categories, string origin)
    {
        using var connection = lake.Open();
        var source = lake.SourceOf(CustomerFeatures.CurrentFile);
        var total = connection.Scalar<long>($"SELECT count(*) FROM {source}");
        var count = (int)Math.Min(total, AudienceSample.Cap);
        List<IReadOnlyList<string>> ownSets = [[]];
        var sample = new AudienceSample
        {
            Origin = origin,
            OwnSets = ownSets,
            Own = new int[count],
            Categories = categories,
            Lifecycle = new int[count],
            Favourite = new int[count],
            Affinity = new float[count * categories.Count],
            UsualBasket = new double[count],
            DiscountShare = new double[count],
            RecencyDays = new double[count],
            Orders = new double[count],
            Views30 = new double[count],
            Carts30 = new double[count],
            Uplift = new int[count],
            Region = new string[count],
            Channel = new string[count],
            Weight = count == 0 ? 1 : (double)total / count,
        };
        using var command = connection.CreateCommand();
        command.CommandText = PlannerColumns.CurrentSql(source, UpliftCombinations.Sql(lake), AudienceMembers.KeysSql(lake), categories, AudienceSample.Cap);
        using var reader = command.ExecuteReader();
        var places = new Dictionary<string, int>(StringComparer.Ordinal) { [""] = 0 };
        for (var i = 0; reader.Read(); i++)
        {
            Read(reader, sample, i);
            var own = reader.IsDBNull(11) ? "" : reader.GetString(11);
            if (!places.TryGetValue(own, out sample.Own[i]))
            {
                places[own] = sample.Own[i] = ownSets.Count;
                ownSets.Add(AudienceMembers.KeysOf(own));
            }
        }

        return sample;
    }

    private static void Read(DuckDBDataReader reader, AudienceSample sample, int i)
    {
        double Number(int at) => reader.IsDBNull(at) ? double.NaN : reader.GetDouble(at);
        string Text(int at) => reader.IsDBNull(at) ? "" : reader.GetString(at);
        sample.Lifecycle[i] = PlannerColumns.IndexOf(Segments.LifecycleKeys, Text(0));
        sample.Favourite[i] = PlannerColumns.IndexOf(sample.Categories, Text(1));
        sample.Region[i] = Text(2);
        sample.Channel[i] = Text(3);
        sample.UsualBasket[i] = Number(4);
        sample.DiscountShare[i] = PlannerColumns.Known(Number(5));
        sample.RecencyDays[i] = Number(6);
        sample.Orders[i] = PlannerColumns.Known(Number(7));
        sample.Views30[i] = PlannerColumns.Known(Number(8));
        sample.Carts30[i] = PlannerColumns.Known(Number(9));
        sample.Uplift[i] = reader.GetInt32(10);
        for (var c = 0; c < sample.Categories.Count; c++)
            sample.Affinity[(i * sample.Categories.Count) + c] = (float)PlannerColumns.Known(Number(12 + c));
    }
}
