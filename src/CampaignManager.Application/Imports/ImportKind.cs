using Microsoft.Extensions.DependencyInjection;

namespace CampaignManager.Application.Imports;

/// <summary>
/// What a file can hold, and how it comes in: each kind stands in the room of what it brings, and registers here
/// (<see cref="ImportKinds.AddImportKind{T}"/>). The frame keeps files, mappings, runs and their reports; what a mapping says the kind alone understands.
/// </summary>
public interface IImportKind
{
    /// <summary>As the API calls it, e.g. <c>experiment</c>.</summary>
    string Name { get; }

    /// <summary>The job that writes it; its arguments are <see cref="ImportArguments"/>.</summary>
    string JobKind { get; }

    /// <summary>How many files one import may be made of.</summary>
    int MostFiles => 1;

    /// <summary>Whether the job finds out how the files are read where no mapping says it, so that nobody looks into them before.</summary>
    bool GuessesInJob => false;

    /// <summary>Form fields that the API takes beside the mapping; they become fields of it.</summary>
    IReadOnlyList<string> Options => [];

    /// <returns>Why nothing of this kind may be written now; null when it may.</returns>
    Task<Failure?> RefuseAsync(CancellationToken cancellationToken) => Task.FromResult<Failure?>(null);

    /// <summary>The mapping with somebody's answers to what the import asked; null where this kind asks nothing.</summary>
    ImportMapping? Answer(ImportMapping mapping, IReadOnlyDictionary<string, string> answers) => null;

    /// <summary>Whether <see cref="UndoAsync"/> takes anything back.</summary>
    bool CanUndo => false;

    /// <summary>Takes back what the import wrote; null where this kind cannot. Done twice it does nothing the second time.</summary>
    /// <param name="importId">Which.</param>
    /// <param name="progress">Told the share that is done, 0..1.</param>
    /// <param name="cancellationToken">Stops, and leaves the import as it was.</param>
    Task? UndoAsync(Guid importId, Action<double> progress, CancellationToken cancellationToken) => null;

    /// <summary>A mapping to start from, by the names and values of the columns; need not be complete.</summary>
    /// <param name="encoding">What a person chose; null where it was found out.</param>
    ImportMapping Guess(FileInspection file, string fileName, string currency, string? encoding);

    /// <summary>Reads a mapping as it was sent or kept; every complaint names its field.</summary>
    Outcome<ImportMapping> Parse(string json);

    /// <returns>What is wrong with a mapping for the header of this file, by field; null when nothing is.</returns>
    /// <exception cref="ImportRefusedException">The file cannot be read.</exception>
    Failure? Check(ImportMapping mapping, string path, string currency);

    /// <summary>Reads the first rows as the import would, and keeps nothing.</summary>
    /// <exception cref="ImportRefusedException">The file cannot be read any further.</exception>
    Outcome<ImportTrial> Try(ImportMapping mapping, string path, string currency, CancellationToken cancel);
}

/// <summary>How the columns of a file are read; each kind has its own.</summary>
public abstract record ImportMapping
{
    /// <summary>The file's encoding, where a person had to say it (<see cref="CsvEncoding.Names"/>); null finds it out.</summary>
    public string? Encoding { get; init; }

    /// <summary>As it is kept, and as the API takes it.</summary>
    public abstract string ToJson();
}

/// <param name="ImportId">The import that the job writes.</param>
public sealed record ImportArguments(Guid ImportId);

/// <summary>What the import would do with the first rows.</summary>
/// <param name="Groups">Kept rows by what the kind tells them apart by: the arms of an experiment.</param>
public sealed record ImportTrial(ImportTally Tally, IReadOnlyList<ColumnValue> Groups, IReadOnlyList<TrialReject> Rejects, bool Whole);

public sealed record TrialReject(long Row, string Reason, string? Detail, string Line);

public static class ImportKinds
{
    public static IServiceCollection AddImportKind<T>(this IServiceCollection services)
        where T : class, IImportKind => services.AddSingleton<IImportKind, T>();
}
