using CampaignManager.Application.Imports;
using CampaignManager.Application.ShopData.Keys;
using CampaignManager.Application.ShopData.Rows;
using CampaignManager.Application.ShopData.Sources;
using CampaignManager.Application.ShopData.Templates;

namespace CampaignManager.Application.ShopData.Reading;

/// <summary>One kind of file by one template: what its columns mean, and its rows as they will be stored.</summary>
internal interface IFileReading
{
    /// <summary><see cref="TemplateKinds"/>.</summary>
    string Kind { get; }

    Template Template { get; }

    /// <summary>Goes over the files once or twice and judges; nothing is kept.</summary>
    ReadingPlan Plan(IReadOnlyList<IRowSource> files, ReadingOptions options, CancellationToken cancel);
}

/// <summary>What a person chose for files that do not say it themselves.</summary>
/// <param name="Zone">IANA zone of times without an offset; null: the template's, else asked.</param>
/// <param name="Currency">Of amounts without one; null: asked.</param>
/// <param name="PhonesAndMailsAreIds">A customer's id that looks like an e-mail address or a phone number names a person also where the
/// template does not say so.</param>
/// <param name="Answers">What was answered to <see cref="ReadingQuestion.Id"/>, by that id.</param>
internal sealed record ReadingOptions(string? Zone, string? Currency, bool PhonesAndMailsAreIds,
    IReadOnlyDictionary<string, string> Answers)
{
    public required IPersonKeys Keys { get; init; }

    /// <summary>What is later than now has not happened.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;
}

/// <summary>
/// The first pass over files: how their columns are written, what must be asked or refused. The second pass yields the rows.
/// </summary>
internal abstract class ReadingPlan
{
    public IReadOnlyList<ColumnJudgement> Columns { get; protected set; } = [];

    /// <summary>Those without an answer; nothing is read before they have one.</summary>
    public IReadOnlyList<ReadingQuestion> Questions { get; protected set; } = [];

    /// <summary>Why nothing of the files can be taken.</summary>
    public ImportRefusedException? Refusal { get; protected init; }

    /// <summary>What is worth knowing and stops nothing.</summary>
    public IReadOnlyList<ReadingNotice> Notices { get; protected init; } = [];

    /// <summary>Share of orders whose lines give their total, 0 to 1; null where no total is written.</summary>
    public double? Reconciled { get; protected init; }

    /// <summary>The second pass: rows in constant memory. Figures and rejects are complete when the last row has been taken.</summary>
    public abstract IEnumerable<ReadRow> Read(Figures figures, IRejects rejects, CancellationToken cancel);
}

/// <summary>How a column is written, judged over all its cells.</summary>
/// <param name="File">0-based among the files.</param>
/// <param name="Format">In words that stay: <c>decimal-comma</c>, <c>yyyy-MM-dd HH:mm:ss zzz</c>, <c>epoch-ms</c>.</param>
/// <param name="Filled">Cells that hold something.</param>
/// <param name="Faulty">Of those, how many cannot be read so.</param>
/// <param name="Repaired">Of those, how many had to be cleaned.</param>
internal sealed record ColumnJudgement(int File, string Column, string Format, long Filled, long Faulty, long Repaired);

/// <summary>What the files leave open.</summary>
/// <param name="Code">Which message it is (<c>two-readings-date</c>).</param>
/// <param name="Subject">The column or key it is about; with the code it makes the id.</param>
/// <param name="Message">In English, with what was found.</param>
/// <param name="Choices">What may be answered; empty: anything, as a zone or a currency.</param>
internal sealed record ReadingQuestion(string Code, string Subject, string Message, IReadOnlyList<ReadingChoice> Choices)
{
    public string Id => Subject.Length == 0 ? Code : $"{Code}:{Subject}";

    /// <summary>Which of several sentences of the code it is; empty: it has one.</summary>
    public string Form { get; init; } = "";

    /// <summary>What the sentence names, for languages other than English: columns, examples, ids.</summary>
    public IReadOnlyList<string> Facts { get; init; } = [];

    /// <summary>What it counts; texts take these after the facts.</summary>
    public IReadOnlyList<long> Counts { get; init; } = [];
}

/// <param name="Code">Which message it is (<c>header-again</c>).</param>
/// <param name="Message">In English, with what was found.</param>
/// <param name="Subject">What was found, alone.</param>
internal sealed record ReadingNotice(string Code, string Message, string Subject = "");

internal sealed record ReadingChoice(string Value, string Label);

/// <summary>Where rows go that cannot be taken.</summary>
internal interface IRejects
{
    void Add(RejectedRow row);
}

/// <param name="File">0-based among the files.</param>
/// <param name="Row">0-based data row.</param>
/// <param name="Reason">Kebab-case, as every reject reason.</param>
/// <param name="Cells">Mapped columns only, ids that name a person as pseudonyms.</param>
internal sealed record RejectedRow(int File, long Row, string Reason, string? Detail, IReadOnlyList<KeyValuePair<string, string>> Cells);
