using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace CampaignManager.Application.ShopData.Quality;

/// <summary>What people decided of the shop's data: thresholds of quality, and for how long rows are kept. One row.</summary>
public sealed class DataSettings
{
    public const int TheId = 1;

    public int Id { get; init; } = TheId;

    /// <summary>JSON object of <see cref="QualityThreshold"/> by check; what is not in it has the usual ones.</summary>
    public string Thresholds { get; set; } = "{}";

    /// <summary>JSON object: months by the lake's table; what is not in it is kept for ever.</summary>
    public string RetentionMonths { get; set; } = "{}";

    /// <summary>Goes up with every change; the concurrency token.</summary>
    public int Version { get; set; } = 1;

    public IReadOnlyDictionary<string, QualityThreshold> ReadThresholds()
    {
        var own = JsonSerializer.Deserialize<Dictionary<string, QualityThreshold>>(Thresholds, JsonSerializerOptions.Web)!;
        return QualityThreshold.Usual.ToDictionary(t => t.Key, t => own.GetValueOrDefault(t.Key, t.Value));
    }

    public IReadOnlyDictionary<string, int> ReadRetention() => JsonSerializer.Deserialize<Dictionary<string, int>>(RetentionMonths, JsonSerializerOptions.Web)!;
}

public sealed class DataSettingsConfiguration : IEntityTypeConfiguration<DataSettings>
{
    public void Configure(EntityTypeBuilder<DataSettings> builder)
    {
        builder.ToTable("DataSettings");
        builder.Property(s => s.Id).ValueGeneratedNever();
        builder.Property(s => s.Version).IsConcurrencyToken();
    }
}
