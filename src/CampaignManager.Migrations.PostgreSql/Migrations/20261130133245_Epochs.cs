using System;
using Microsoft.EntityFrameworkCore.Migrations;
using Npgsql.EntityFrameworkCore.PostgreSQL.Metadata;

#nullable disable

namespace CampaignManager.Migrations.PostgreSql.Migrations
{
    /// <inheritdoc />
    public partial class Epochs : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<decimal>(
                name: "GlobalHoldoutPercent",
                table: "ShopSettings",
                type: "numeric",
                nullable: false,
                defaultValue: 0m);

            migrationBuilder.CreateTable(
                name: "ExperimentEpochs",
                columns: table => new
                {
                    Id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    ExperimentId = table.Column<Guid>(type: "uuid", nullable: false),
                    CampaignId = table.Column<Guid>(type: "uuid", nullable: true),
                    Number = table.Column<int>(type: "integer", nullable: false),
                    VersionId = table.Column<Guid>(type: "uuid", nullable: true),
                    Salt = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: false),
                    ArmsJson = table.Column<string>(type: "text", nullable: false),
                    BeganAt = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    EndedAt = table.Column<DateTime>(type: "timestamp with time zone", nullable: true),
                    Measured = table.Column<bool>(type: "boolean", nullable: false),
                    Adopted = table.Column<bool>(type: "boolean", nullable: false),
                    EnrolledAt = table.Column<DateTime>(type: "timestamp with time zone", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_ExperimentEpochs", x => x.Id);
                    table.ForeignKey(
                        name: "FK_ExperimentEpochs_Campaigns_CampaignId",
                        column: x => x.CampaignId,
                        principalTable: "Campaigns",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "ExposureBatches",
                columns: table => new
                {
                    Id = table.Column<int>(type: "integer", nullable: false),
                    Written = table.Column<long>(type: "bigint", nullable: false),
                    Batch = table.Column<Guid>(type: "uuid", nullable: true),
                    Upto = table.Column<long>(type: "bigint", nullable: false),
                    BegunAt = table.Column<DateTime>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_ExposureBatches", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "GlobalHoldouts",
                columns: table => new
                {
                    Id = table.Column<int>(type: "integer", nullable: false),
                    Salt = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: false),
                    Share = table.Column<double>(type: "double precision", nullable: false),
                    BeganAt = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    EndsAt = table.Column<DateTime>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_GlobalHoldouts", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "Exposures",
                columns: table => new
                {
                    Seq = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    EpochId = table.Column<long>(type: "bigint", nullable: false),
                    CustomerId = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: false),
                    AssignmentId = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: false),
                    Arm = table.Column<int>(type: "integer", nullable: false),
                    Propensity = table.Column<double>(type: "double precision", nullable: false),
                    Risk = table.Column<double>(type: "double precision", nullable: true),
                    AssignedAt = table.Column<DateTime>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Exposures", x => x.Seq);
                    table.ForeignKey(
                        name: "FK_Exposures_ExperimentEpochs_EpochId",
                        column: x => x.EpochId,
                        principalTable: "ExperimentEpochs",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateIndex(
                name: "IX_ExperimentEpochs_CampaignId",
                table: "ExperimentEpochs",
                column: "CampaignId");

            migrationBuilder.CreateIndex(
                name: "IX_ExperimentEpochs_ExperimentId_Number",
                table: "ExperimentEpochs",
                columns: new[] { "ExperimentId", "Number" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_ExperimentEpochs_Running",
                table: "ExperimentEpochs",
                column: "ExperimentId",
                unique: true,
                filter: "\"EndedAt\" IS NULL");

            migrationBuilder.CreateIndex(
                name: "IX_Exposures_CustomerId_EpochId",
                table: "Exposures",
                columns: new[] { "CustomerId", "EpochId" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_Exposures_EpochId",
                table: "Exposures",
                column: "EpochId");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "ExposureBatches");

            migrationBuilder.DropTable(
                name: "Exposures");

            migrationBuilder.DropTable(
                name: "GlobalHoldouts");

            migrationBuilder.DropTable(
                name: "ExperimentEpochs");

            migrationBuilder.DropColumn(
                name: "GlobalHoldoutPercent",
                table: "ShopSettings");
        }
    }
}
