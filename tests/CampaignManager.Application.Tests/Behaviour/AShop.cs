using CampaignManager.Application.Audiences;
using CampaignManager.Application.Behaviour;
using CampaignManager.Application.Campaigns;
using CampaignManager.Application.Data;
using CampaignManager.Application.Jobs;
using CampaignManager.Application.Lake;
using CampaignManager.Application.Settings;
using CampaignManager.Application.Tests.Lake;
using CampaignManager.Application.TrainingData;
using CampaignManager.Application.Uplift.Models;
using CampaignManager.Engine.Offers;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace CampaignManager.Application.Tests.Behaviour;

/// <summary>A lake and a database with the services that compute features.</summary>
internal sealed class AShop : IDisposable
{
    public AShop(int buckets = 4)
    {
        A = new ALake(buckets);
        var parts = PartsOf(Lake, Database);
        var segments = new SegmentService(Lake, new CustomerRanking(Lake, new CustomerScores(Lake), ModelService.ShopModelOf(Database)), Database);
        Features = new FeatureService(Lake, new SettingsService(Database), new CustomerFeatures(Lake, parts, new FeatureSummaries(Lake)), new TrainingTable(Lake, parts, Database), segments);
    }

    /// <summary>All parts done here, one worker.</summary>
    public static FeatureParts PartsOf(DataLake lake, IDbContextFactory<AppDbContext> database)
    {
        var services = new ServiceCollection().AddSingleton(lake)
            .AddJobPart<DescribeBucketPart>(DescribeBucketPart.Customers).AddJobPart<DescribeBucketPart>(DescribeBucketPart.Exposures).BuildServiceProvider();
        return new FeatureParts(lake, new JobParts(
            services.GetRequiredService<IServiceScopeFactory>(), database, new PartsAtWork(), new JobNode(), new LocalNews(),
            TimeProvider.System, NullLogger<JobParts>.Instance));
    }

    public ALake A { get; }

    public DataLake Lake => A.Lake;

    public ADatabaseFile Database { get; } = new();

    public FeatureService Features { get; }

    public Task ComputeAsync(DateTime asOf, FeatureScope scope) => Features.ComputeAsync(DateTime.SpecifyKind(asOf, DateTimeKind.Utc), scope, null, CancellationToken.None);

    /// <summary>Rows of a derived file as dictionaries.</summary>
    public List<Dictionary<string, object?>> Rows(string file, string order)
    {
        using var connection = Lake.Open();
        return connection.Query($"SELECT * FROM {Lake.SourceOf(file)} ORDER BY {order}", r =>
            Enumerable.Range(0, r.FieldCount).ToDictionary(r.GetName, i => r.IsDBNull(i) ? null : r.GetValue(i)));
    }

    public async Task<Guid> CampaignAsync(CampaignRules rules, CampaignStatus status = CampaignStatus.Ended)
    {
        var campaign = new Campaign
        {
            Id = Guid.NewGuid(),
            Name = "Test",
            Status = status,
            RulesJson = RulesJson.Write(rules),
            OfferType = rules.Offer.Type,
            Currency = "CNY",
            OwnerId = "o",
            OwnerName = "O",
            HoldoutSalt = "s",
        };
        await using var context = Database.CreateDbContext();
        context.Campaigns.Add(campaign);
        await context.SaveChangesAsync();
        return campaign.Id;
    }

    public void Dispose()
    {
        A.Dispose();
        Database.Dispose();
    }
}
